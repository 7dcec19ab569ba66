import { X } from "lucide-react";
import { useText } from "@/words/text";
import type { Choice } from "./search";

interface Props {
  chosen: string[];
  choices: Choice[];
  onRemove: (code: string) => void;
  onClear: () => void;
}

export function Chips({ chosen, choices, onRemove, onClear }: Props) {
  const t = useText();
  if (chosen.length === 0) return null;
  const names = new Map(choices.map((choice) => [choice.code, choice.name]));
  return (
    <ul aria-label={t("newBatch.languages.chosen")} className="mb-3 flex flex-wrap gap-2">
      {chosen.map((code) => (
        <li key={code}>
          <button
            type="button"
            onClick={() => onRemove(code)}
            aria-label={t("newBatch.languages.remove", { name: names.get(code) ?? code })}
            className="inline-flex min-h-8 items-center gap-1.5 rounded-full bg-accent-soft pr-2 pl-3 text-sm font-medium text-accent hover:opacity-80"
          >
            {names.get(code) ?? code}
            <X aria-hidden className="size-3.5" />
          </button>
        </li>
      ))}
      {chosen.length > 1 && (
        <li>
          <button
            type="button"
            onClick={onClear}
            className="min-h-8 rounded-full px-3 text-sm text-muted underline underline-offset-2 hover:text-ink"
          >
            {t("newBatch.languages.clear")}
          </button>
        </li>
      )}
    </ul>
  );
}
