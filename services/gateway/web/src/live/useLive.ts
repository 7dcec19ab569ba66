import { useEffect, useReducer, useRef, useState } from "react";
import type { Batch } from "@/api/types";
import { Connection } from "./connection";
import { isOver } from "./stages";
import { fold, type LiveView, type Message, viewOf } from "./view";

type Change = Message | { type: "read"; batch: Batch };

function next(view: LiveView, change: Change): LiveView {
  if (change.type !== "read") return fold(view, change);
  return fold(view, { type: "snapshot", seq: change.batch.seq, batch: change.batch });
}

/** Follows a batch from how it was read to its end. */
export function useLive(batch: Batch): { view: LiveView; connected: boolean } {
  const [view, tell] = useReducer(next, batch, viewOf);
  const [connected, setConnected] = useState(false);
  const seq = useRef(view.seq);
  seq.current = view.seq;
  const over = isOver(view.state);

  useEffect(() => tell({ type: "read", batch }), [batch]);

  useEffect(() => {
    if (over) return;
    const connection = new Connection(batch.batch_id, () => seq.current, {
      onMessage: tell,
      onConnected: setConnected,
    });
    return () => connection.close();
  }, [batch.batch_id, over]);

  return { view, connected };
}
