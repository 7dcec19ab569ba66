import { Send } from "lucide-react";
import { Button } from "@/design/Button";
import { useText } from "@/words/text";
import { type Draft, requestOf, type Size } from "../draft/draft";
import { EstimateView } from "./EstimateView";
import { SendProblem } from "./SendProblem";
import { useEstimate } from "./useEstimate";

interface Props {
  draft: Draft;
  size: Size;
  busy: boolean;
  error: unknown;
  onSend: () => void;
}

/** What will come of it, and the button that makes it so. Follows every choice. */
export function Summary({ draft, size, busy, error, onSend }: Props) {
  const t = useText();
  const lacks = lacking(draft, size);
  const estimate = useEstimate(lacks ? null : requestOf(draft));
  const problem = error ?? (lacks ? null : estimate.error);
  return (
    <section
      aria-label={t("newBatch.summary.heading")}
      className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-5"
    >
      <h2 className="text-base font-semibold">{t("newBatch.summary.heading")}</h2>
      <div aria-live="polite">
        <p className="figures text-2xl font-semibold">{t("unit.jobs", { count: size.jobs })}</p>
        <p className="mt-1 text-sm text-muted">
          {[
            t("unit.titles", { count: size.titles }),
            t("unit.languages", { count: size.languages }),
            ...(size.targets > size.languages ? [t("unit.voices", { count: size.targets })] : []),
            ...(size.variations > 1 ? [t("unit.variations", { count: size.variations })] : []),
          ].join(" × ")}
        </p>
      </div>
      <EstimateView estimate={lacks ? undefined : estimate.data} />
      {problem != null && <SendProblem error={problem} />}
      {lacks && <p className="text-sm text-muted">{t(lacks)}</p>}
      <Button look="primary" icon={Send} busy={busy} disabled={lacks !== null} onClick={onSend}>
        {t("newBatch.summary.send")}
      </Button>
    </section>
  );
}

function lacking(draft: Draft, size: Size) {
  if (size.titles === 0) return "newBatch.summary.needsTitles" as const;
  if (size.wrong > 0) return "newBatch.summary.wrongTitles" as const;
  if (size.languages === 0) return "newBatch.summary.needsLanguages" as const;
  if (draft.mode === "expand_languages" && size.titles > 1) {
    return "newBatch.summary.oneTitle" as const;
  }
  if (draft.mode === "expand_titles" && size.languages > 1) {
    return "newBatch.summary.oneLanguage" as const;
  }
  return null;
}
