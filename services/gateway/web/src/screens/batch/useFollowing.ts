import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Batch } from "@/api/types";
import { say } from "@/design/Toasts";
import { notify } from "@/live/notifications";
import { isOver } from "@/live/stages";
import type { LiveView } from "@/live/view";
import { type TextKey, useText } from "@/words/text";

// Lists are read again while jobs finish; not for every one of them.
const READ_AGAIN_MS = 2_000;

/** Keeps what hangs on a batch up to date while it runs, and says so when it ends. */
export function useFollowing(batch: Batch, view: LiveView): void {
  const t = useText();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const read = useRef({ seq: view.seq, state: view.state });
  const { batch_id: batchId, name } = batch;
  const { seq, state, counts, total } = view;

  useEffect(() => {
    if (seq === read.current.seq && state === read.current.state) return;
    const ended = isOver(state) && !isOver(read.current.state);
    // Why it is paused, and when it ended, only the batch itself says.
    if (state !== read.current.state) {
      void client.invalidateQueries({ queryKey: ["batch", batchId] });
    }
    read.current = { seq, state };
    const readAgain = () => {
      timer.current = undefined;
      for (const key of ["results", "usage", "job", "breakdown", "review"]) {
        void client.invalidateQueries({ queryKey: [key, batchId] });
      }
    };
    if (ended) {
      clearTimeout(timer.current);
      readAgain();
      void client.invalidateQueries({ queryKey: ["batches"] });
      const title = t("notify.ended", {
        name: name || t("history.unnamed"),
        state: t(`state.${state}` as TextKey),
      });
      say(title, state === "failed" ? "bad" : "good");
      notify(title, t("notify.body", { done: counts.completed ?? 0, total }), batchId);
      void client.invalidateQueries({ queryKey: ["notifications"] });
    } else {
      timer.current ??= setTimeout(readAgain, READ_AGAIN_MS);
    }
  }, [seq, state, counts, total, batchId, name, client, t]);

  useEffect(() => () => clearTimeout(timer.current), []);
}
