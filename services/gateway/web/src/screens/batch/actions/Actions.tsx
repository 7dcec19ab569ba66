import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pause, Play, Square } from "lucide-react";
import { useState } from "react";
import { batchQuery, type Order, order } from "@/api/batches";
import type { Batch } from "@/api/types";
import { Button } from "@/design/Button";
import { Confirm } from "@/design/Confirm";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { isOver } from "@/live/stages";
import type { LiveView } from "@/live/view";
import { useText } from "@/words/text";
import { DownloadZip } from "./DownloadZip";

interface Props {
  batch: Batch;
  view: LiveView;
}

/** What can be ordered now: nothing that would be refused is offered. */
export function Actions({ batch, view }: Props) {
  const t = useText();
  const problem = useProblemText();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const over = isOver(view.state);
  const paused = view.state === "paused";

  const ordering = useMutation({
    mutationFn: (action: Order) => order(batch.batch_id, action),
    onSuccess: (_, action) => {
      say(t(`batch.ordered.${action}`));
      setAsking(false);
    },
    onError: (error) => {
      say(problem(error).title, "bad");
      void client.invalidateQueries({ queryKey: batchQuery(batch.batch_id).queryKey });
    },
  });
  const busy = (action: Order) => ordering.isPending && ordering.variables === action;

  return (
    <>
      {!over && !paused && (
        <Button icon={Pause} busy={busy("pause")} onClick={() => ordering.mutate("pause")}>
          {t("batch.pause")}
        </Button>
      )}
      {paused && (
        <Button
          look="primary"
          icon={Play}
          busy={busy("resume")}
          onClick={() => ordering.mutate("resume")}
        >
          {t("batch.resume")}
        </Button>
      )}
      {!over && (
        <Button icon={Square} onClick={() => setAsking(true)}>
          {t("batch.cancel")}
        </Button>
      )}
      <DownloadZip batch={batch} ready={view.counts.completed ?? 0} />
      {asking && (
        <Confirm
          title={t("batch.cancelTitle")}
          action={t("batch.cancelConfirm")}
          busy={busy("cancel")}
          onConfirm={() => ordering.mutate("cancel")}
          onClose={() => setAsking(false)}
        >
          {t("batch.cancelText")}
        </Confirm>
      )}
    </>
  );
}
