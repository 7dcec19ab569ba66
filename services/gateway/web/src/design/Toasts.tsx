import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useText } from "@/words/text";
import { IconButton } from "./Button";

interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
}

const SECONDS = 6;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let last = 0;

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const tell of listeners) tell();
}

/** Says something that needs no answer; it goes away by itself. */
export function say(text: string, tone: Toast["tone"] = "good"): void {
  last += 1;
  const id = last;
  change([...toasts.slice(-2), { id, text, tone }]);
  setTimeout(() => dismiss(id), SECONDS * 1000);
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export function Toasts() {
  const t = useText();
  const shown = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => toasts,
  );
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-20 z-50 flex flex-col items-center gap-2 sm:inset-x-auto sm:right-5 sm:bottom-5 sm:items-end"
    >
      {shown.map((toast) => (
        <div
          key={toast.id}
          className={`pointer-events-auto flex max-w-md items-center gap-2 rounded-lg border bg-surface py-1 pr-1 pl-4 text-sm shadow-lg ${toast.tone === "bad" ? "border-bad text-bad" : "border-line"}`}
        >
          <span className="min-w-0 flex-1 py-2">{toast.text}</span>
          <IconButton icon={X} label={t("common.close")} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
