import { useState } from "react";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { TextField } from "@/design/Field";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";

interface Props {
  before: number | null;
  busy: boolean;
  onResume: (budget: number) => void;
  onClose: () => void;
}

/** A batch that has used up its budget goes on with a higher one. */
export function BudgetDialog({ before, busy, onResume, onClose }: Props) {
  const t = useText();
  const format = useFormat();
  const [budget, setBudget] = useState((before ?? 1) * 2);
  return (
    <Dialog
      title={t("batch.budgetTitle")}
      onClose={onClose}
      footer={
        <Button
          look="primary"
          busy={busy}
          disabled={!(budget > (before ?? 0))}
          onClick={() => onResume(budget)}
        >
          {t("batch.resume")}
        </Button>
      }
    >
      <TextField
        label={t("batch.budgetLabel")}
        hint={t("batch.budgetHint", { before: format.money(before ?? 0) })}
        type="number"
        min={before ?? 0}
        step={0.5}
        value={Number.isFinite(budget) ? budget : ""}
        onChange={(event) => setBudget(event.target.valueAsNumber)}
      />
    </Dialog>
  );
}
