import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Job } from "@/api/types";
import { say } from "@/design/Toasts";
import { isOver } from "@/live/stages";
import { useText } from "@/words/text";

const ASK_AGAIN_MS = 1_000;

/** Looks after a job that is narrated again, until there is something new to hear. */
export function useRenarration(job: Job): { waiting: boolean; begin: () => void } {
  const t = useText();
  const client = useQueryClient();
  const [before, setBefore] = useState<string | null>(null);
  const { batch_id: batchId, job_id: jobId, state, updated_at: updated } = job;
  const done = before !== null && isOver(state) && updated !== before;

  useEffect(() => {
    if (before === null) return;
    if (done) {
      setBefore(null);
      say(
        t(state === "completed" ? "job.renarrated" : "state.failed"),
        state === "completed" ? "good" : "bad",
      );
      return;
    }
    const timer = setInterval(() => {
      void client.invalidateQueries({ queryKey: ["job", batchId, jobId] });
      // The batch goes on again, too: its page has to notice.
      void client.invalidateQueries({ queryKey: ["batch", batchId] });
    }, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [before, done, state, batchId, jobId, client, t]);

  return { waiting: before !== null, begin: () => setBefore(updated) };
}
