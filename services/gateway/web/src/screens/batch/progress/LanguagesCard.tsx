import { useNavigate, useSearch } from "@tanstack/react-router";
import { Card } from "@/design/Card";
import { ProgressBar } from "@/live/ProgressBar";
import { type Counts, total } from "@/live/stages";
import type { LiveView } from "@/live/view";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { useByLanguage } from "./useByLanguage";

/** Every language with its own bar; choosing one shows its results only. */
export function LanguagesCard({ batchId, view }: { batchId: string; view: LiveView }) {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate({ from: "/batches/$batchId" });
  const { language: chosen } = useSearch({ from: "/shell/batches/$batchId" });
  const byLanguage = useByLanguage(batchId, view);
  const languages = Object.entries(byLanguage)
    .map(([code, counts]) => ({ code, counts, name: format.language(code) }))
    .sort((one, other) => one.name.localeCompare(other.name));

  function choose(code: string) {
    const language = code === chosen ? undefined : code;
    void navigate({
      search: ({ language: _, cursor: __, page: ___, ...rest }) =>
        language ? { ...rest, language } : rest,
      replace: true,
    });
  }

  return (
    <Card title={t("batch.languages")}>
      <ul className="flex max-h-[34rem] flex-col gap-1 overflow-y-auto">
        {languages.map(({ code, counts, name }) => (
          <li key={code}>
            <button
              type="button"
              aria-pressed={code === chosen}
              onClick={() => choose(code)}
              className="flex w-full flex-col gap-1.5 rounded-lg px-2 py-2 text-left -outline-offset-2 hover:bg-sunken aria-pressed:bg-accent-soft"
            >
              <span className="flex w-full justify-between gap-3 text-sm">
                <span className="min-w-0">{name}</span>
                <Done counts={counts} />
              </span>
              <ProgressBar thin label={name} counts={counts} />
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Done({ counts }: { counts: Counts }) {
  return (
    <span className="figures shrink-0 text-muted">
      {counts.completed ?? 0}/{total(counts)}
    </span>
  );
}
