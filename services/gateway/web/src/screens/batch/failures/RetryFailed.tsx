import { useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { batchQuery, retryFailed } from "@/api/batches";
import { Button } from "@/design/Button";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";

// The batch is opened again by the fold, which is a moment behind the order.
const LATER_MS = 1_500;

export function RetryFailed({ batchId }: { batchId: string }) {
  const t = useText();
  const client = useQueryClient();
  const reads = batchQuery(batchId).queryKey;
  const retrying = useChange(() => retryFailed(batchId), {
    reads,
    onDone: () => {
      say(t("failures.retried"));
      setTimeout(() => void client.invalidateQueries({ queryKey: reads }), LATER_MS);
    },
  });
  return (
    <Button
      look="primary"
      icon={RotateCw}
      busy={retrying.isPending}
      onClick={() => retrying.mutate()}
    >
      {t("failures.retry")}
    </Button>
  );
}
