import { Pause, Play, Square } from "lucide-react";
import { useState } from "react";
import { batchQuery, type Order, order } from "@/api/batches";
import type { Batch } from "@/api/types";
import { Button } from "@/design/Button";
import { Confirm } from "@/design/Confirm";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { isOver } from "@/live/stages";
import type { LiveView } from "@/live/view";
import { useText } from "@/words/text";
import { BudgetDialog } from "./BudgetDialog";
import { DeleteBatch } from "./DeleteBatch";
import { Downloads } from "./Downloads";

interface Props {
  batch: Batch;
  view: LiveView;
}

/** What can be ordered now: nothing that would be refused is offered. */
export function Actions({ batch, view }: Props) {
  const t = useText();
  const [asking, setAsking] = useState<"cancel" | "budget" | null>(null);
  const over = isOver(view.state);
  // Whoever watched it end keeps the buttons where they were, without a use.
  const [wasRunning] = useState(!over);
  const paused = view.state === "paused";
  const reads = batchQuery(batch.batch_id).queryKey;

  const ordering = useChange(
    ({ action, budget }: { action: Order; budget?: number }) =>
      order(batch.batch_id, action, budget),
    {
      reads,
      onDone: (_, { action }) => {
        say(t(`batch.ordered.${action}`));
        setAsking(null);
      },
    },
  );
  const busy = (action: Order) => ordering.isPending && ordering.variables.action === action;

  return (
    <>
      {/* Its place is kept: nothing moves when the batch ends. */}
      <span className={over ? "max-sm:order-last" : "invisible max-sm:order-last"}>
        <DeleteBatch batchId={batch.batch_id} />
      </span>
      {!paused && (!over || wasRunning) && (
        <Button
          icon={Pause}
          disabled={over}
          busy={busy("pause")}
          onClick={() => ordering.mutate({ action: "pause" })}
        >
          {t("batch.pause")}
        </Button>
      )}
      {paused && (
        <Button
          look="primary"
          icon={Play}
          busy={busy("resume")}
          onClick={() =>
            batch.paused_because === "budget"
              ? setAsking("budget")
              : ordering.mutate({ action: "resume" })
          }
        >
          {t("batch.resume")}
        </Button>
      )}
      {(!over || wasRunning) && (
        <Button icon={Square} disabled={over} onClick={() => setAsking("cancel")}>
          {t("batch.cancel")}
        </Button>
      )}
      <Downloads batch={batch} state={view.state} ready={view.counts.completed ?? 0} />
      {asking === "cancel" && (
        <Confirm
          title={t("batch.cancelTitle")}
          action={t("batch.cancelConfirm")}
          busy={busy("cancel")}
          onConfirm={() => ordering.mutate({ action: "cancel" })}
          onClose={() => setAsking(null)}
        >
          {t("batch.cancelText")}
        </Confirm>
      )}
      {asking === "budget" && (
        <BudgetDialog
          before={batch.budget_usd}
          busy={busy("resume")}
          onResume={(budget) => ordering.mutate({ action: "resume", budget })}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
