import { useMemo } from "react";
import { useText } from "@/words/text";
import { recentLanguages } from "./recent";
import { type Choice, POPULAR } from "./search";

interface Props {
  found: Choice[];
  chosen: string[];
  searching: boolean;
  onToggle: (code: string) => void;
}

/** Every language with a box to tick; those used before and those most used come first. */
export function LanguageList({ found, chosen, searching, onToggle }: Props) {
  const t = useText();
  const groups = useMemo(() => (searching ? null : grouped(found)), [found, searching]);
  if (found.length === 0) {
    return <p className="py-6 text-center text-sm text-muted">{t("newBatch.languages.noMatch")}</p>;
  }
  const rows = (list: Choice[]) => <Rows list={list} chosen={chosen} onToggle={onToggle} />;
  return (
    <section
      aria-label={t("newBatch.languages.list")}
      className="h-72 overflow-y-auto rounded-lg border border-line p-2"
    >
      {groups
        ? groups.map(({ key, list }) => (
            <div key={key} className="mb-2">
              <h3 className="px-2 py-1 text-xs font-medium text-muted">
                {t(`newBatch.languages.${key}`)}
              </h3>
              {rows(list)}
            </div>
          ))
        : rows(found)}
    </section>
  );
}

function Rows({ list, chosen, onToggle }: Pick<Props, "chosen" | "onToggle"> & { list: Choice[] }) {
  return (
    <ul className="grid gap-x-3 sm:grid-cols-2">
      {list.map((choice) => (
        <li key={choice.code}>
          <label className="flex min-h-10 items-center gap-3 rounded-md px-2 hover:bg-sunken">
            <input
              type="checkbox"
              checked={chosen.includes(choice.code)}
              onChange={() => onToggle(choice.code)}
              className="size-4.5 shrink-0 accent-accent"
            />
            <span className="min-w-0 py-1 text-sm">
              {choice.name}
              {choice.native && (
                <span lang={choice.code} className="ml-2 text-muted">
                  {choice.native}
                </span>
              )}
            </span>
          </label>
        </li>
      ))}
    </ul>
  );
}

function grouped(found: Choice[]) {
  const byCode = new Map(found.map((choice) => [choice.code, choice]));
  const pick = (codes: string[]) => codes.flatMap((code) => byCode.get(code) ?? []);
  const recent = pick(recentLanguages());
  const popular = pick(POPULAR).filter((choice) => !recent.includes(choice));
  const rest = found.filter((choice) => !recent.includes(choice) && !popular.includes(choice));
  return [
    { key: "recent" as const, list: recent },
    { key: "popular" as const, list: popular },
    { key: "rest" as const, list: rest },
  ].filter((group) => group.list.length > 0);
}
