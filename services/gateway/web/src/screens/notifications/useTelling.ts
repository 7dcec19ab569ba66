import { useEffect, useRef } from "react";
import type { Notification } from "@/api/notifications";
import { notify } from "@/live/notifications";
import { useText } from "@/words/text";
import { batchOf, textOf } from "./told";

/** Lets the browser tell what is new, where the user agreed to it and looks elsewhere. */
export function useTelling(items: Notification[] | undefined): void {
  const t = useText();
  // What was there when the page was opened is no news.
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!items) return;
    const before = known.current;
    known.current = new Set(items.map((item) => item.notification_id));
    if (!before) return;
    for (const item of items) {
      if (before.has(item.notification_id) || item.read_at) continue;
      notify(textOf(item, t), "", batchOf(item) ?? item.notification_id);
    }
  }, [items, t]);
}
