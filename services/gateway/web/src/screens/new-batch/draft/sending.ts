import type { BatchDraft } from "@/api/types";

const KEY = "bolt.sending";

interface Sending {
  key: string;
  body: string;
}

/** Returns the Idempotency-Key of a request: the same for the same body until it was accepted.
 *
 * Whoever clicks twice, or sends again after the answer was lost on its way, gets one batch.
 */
export function keyFor(body: BatchDraft, storage: Storage = sessionStorage): string {
  const text = JSON.stringify(body);
  const before = pending(storage);
  if (before?.body === text) return before.key;
  const key = crypto.randomUUID();
  storage.setItem(KEY, JSON.stringify({ key, body: text } satisfies Sending));
  return key;
}

export function accepted(storage: Storage = sessionStorage): void {
  storage.removeItem(KEY);
}

function pending(storage: Storage): Sending | null {
  const text = storage.getItem(KEY);
  return text ? (JSON.parse(text) as Sending) : null;
}
