import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button, IconButton } from "@/design/Button";
import { Card } from "@/design/Card";
import { type TextKey, useText } from "@/words/text";
import type { Draft } from "../draft/draft";

const MOST = 20;
const SUGGESTIONS = ["hook", "tone", "humour", "audience", "view", "structure", "pacing"] as const;

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** How often each title is told, and what makes the tellings different. */
export function VariationsSection({ draft, onChange }: Props) {
  const t = useText();
  const list = useId();
  const { aspects } = draft;

  function change(at: number, aspect: string) {
    onChange({ aspects: aspects.map((each, index) => (index === at ? aspect : each)) });
  }

  return (
    <Card title={t("newBatch.variations.heading")}>
      <p className="mb-3 text-sm text-muted">{t("newBatch.variations.lead")}</p>
      <ul className="flex flex-col gap-2">
        {aspects.map((aspect, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a telling is its number
          <li key={at} className="flex items-center gap-2">
            <span aria-hidden className="figures w-6 shrink-0 text-right text-sm text-muted">
              {at + 1}
            </span>
            <input
              list={list}
              value={aspect}
              maxLength={300}
              aria-label={t("newBatch.variations.aspect", { number: at + 1 })}
              placeholder={t(at ? "newBatch.variations.example" : "newBatch.variations.plain")}
              onChange={(event) => change(at, event.target.value)}
              className="h-10 w-full min-w-0 rounded-lg border border-edge bg-surface px-3 text-base placeholder:text-muted sm:text-sm"
            />
            <IconButton
              icon={X}
              disabled={aspects.length === 1}
              label={t("newBatch.variations.remove", { number: at + 1 })}
              onClick={() => onChange({ aspects: aspects.filter((_, index) => index !== at) })}
            />
          </li>
        ))}
      </ul>
      <datalist id={list}>
        {SUGGESTIONS.map((name) => (
          <option key={name} value={t(`newBatch.variations.${name}` as TextKey)} />
        ))}
      </datalist>
      <Button
        look="quiet"
        icon={Plus}
        className="mt-2"
        disabled={aspects.length >= MOST}
        onClick={() => onChange({ aspects: [...aspects, ""] })}
      >
        {t("newBatch.variations.add")}
      </Button>
    </Card>
  );
}
