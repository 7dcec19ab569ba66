import { useId } from "react";
import { Card } from "@/design/Card";
import { Checkbox } from "@/design/Field";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import type { Draft } from "../draft/draft";

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** What has to be looked at before it is spoken, what it may cost, and who else may speak. */
export function ControlSection({ draft, onChange }: Props) {
  const t = useText();
  const format = useFormat();
  const id = useId();
  const { review, languages } = draft;
  const chosen = review.filter((code) => languages.includes(code));
  return (
    <Card title={t("newBatch.control.heading")}>
      <fieldset className="mb-5">
        <legend className="text-sm font-medium">{t("newBatch.control.review")}</legend>
        <p className="mt-1 mb-3 text-sm text-muted">{t("newBatch.control.reviewHint")}</p>
        {languages.length === 0 && (
          <p className="text-sm text-muted">{t("newBatch.summary.needsLanguages")}</p>
        )}
        <div className="grid max-h-56 gap-x-4 gap-y-2 overflow-y-auto sm:grid-cols-2">
          {languages.map((code) => (
            <Checkbox
              key={code}
              label={format.language(code)}
              checked={chosen.includes(code)}
              onChange={(event) =>
                onChange({
                  review: event.target.checked
                    ? [...chosen, code]
                    : chosen.filter((each) => each !== code),
                })
              }
            />
          ))}
        </div>
      </fieldset>
      <label htmlFor={id} className="text-sm font-medium">
        {t("newBatch.control.budget")} ({t("common.optional")})
      </label>
      <div className="mt-1.5 flex items-center gap-2">
        <span className="text-sm text-muted">US$</span>
        <input
          id={id}
          type="number"
          min={0.01}
          step={0.5}
          inputMode="decimal"
          value={draft.budget ?? ""}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            const value = event.target.valueAsNumber;
            onChange({ budget: Number.isFinite(value) && value > 0 ? value : null });
          }}
          className="figures h-10 w-32 rounded-lg border border-edge bg-surface px-3 text-base sm:text-sm"
        />
      </div>
      <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
        {t("newBatch.control.budgetHint")}
      </p>
      <div className="mt-5">
        <Checkbox
          label={t("newBatch.control.otherVoices")}
          checked={draft.otherVoices}
          onChange={(event) => onChange({ otherVoices: event.target.checked })}
        />
      </div>
    </Card>
  );
}
