import { RotateCw } from "lucide-react";
import { retryJob } from "@/api/jobs";
import type { Job } from "@/api/types";
import { Button } from "@/design/Button";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";

export function RetryButton({ job, onRetry }: { job: Job; onRetry: () => void }) {
  const t = useText();
  const retrying = useChange(() => retryJob(job.job_id), {
    reads: ["job", job.batch_id, job.job_id],
    onDone: () => {
      say(t("job.retrying"));
      onRetry();
    },
  });
  if (job.state !== "failed") return null;
  return (
    <Button icon={RotateCw} busy={retrying.isPending} onClick={() => retrying.mutate()}>
      {t("job.retry")}
    </Button>
  );
}
