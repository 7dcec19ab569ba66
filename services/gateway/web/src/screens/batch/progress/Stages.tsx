import type { JobState } from "@/api/types";
import type { LiveView } from "@/live/view";
import { useFormat } from "@/words/format";
import { type TextKey, useText } from "@/words/text";

const ALWAYS: readonly { state: JobState; dot: string }[] = [
  { state: "queued", dot: "bg-sunken border border-edge" },
  { state: "scripting", dot: "bg-step-1" },
  { state: "adapting", dot: "bg-step-2" },
  { state: "narrating", dot: "bg-step-3" },
  { state: "completed", dot: "bg-done" },
  { state: "failed", dot: "bg-bad" },
];
const SOMETIMES: readonly { state: JobState; dot: string }[] = [
  { state: "awaiting_review", dot: "bg-warn" },
  { state: "cancelled", dot: "bg-edge" },
];

/** How many jobs stand where: the way of a job from left to right, and the key to the bar. */
export function Stages({ view }: { view: LiveView }) {
  const t = useText();
  const format = useFormat();
  const shown = [...ALWAYS, ...SOMETIMES.filter(({ state }) => view.counts[state])];
  return (
    <ul className="grid grid-cols-2 gap-x-6 gap-y-3 sm:flex sm:flex-wrap">
      {shown.map(({ state, dot }) => (
        <li key={state} className="flex min-w-20 items-center gap-2 text-sm">
          <span aria-hidden className={`size-2.5 shrink-0 rounded-full ${dot}`} />
          <span className="text-muted">{t(`state.${state}` as TextKey)}</span>
          <span className="figures font-medium">{format.number(view.counts[state] ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}
