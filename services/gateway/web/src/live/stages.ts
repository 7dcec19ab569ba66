import type { BatchCounts, JobState } from "@/api/types";

export interface Stage {
  state: JobState;
  fill: string;
}

/** The states in the order they are drawn: what is done first, what has not begun last. */
export const STAGES: readonly Stage[] = [
  { state: "completed", fill: "bg-done" },
  { state: "narrating", fill: "bg-step-3" },
  { state: "awaiting_review", fill: "bg-warn" },
  { state: "adapting", fill: "bg-step-2" },
  { state: "scripting", fill: "bg-step-1" },
  { state: "failed", fill: "bg-bad" },
  { state: "cancelled", fill: "bg-edge" },
];

export type Counts = Partial<Record<JobState, number>>;

const ENDED = ["completed", "failed", "cancelled"] as const;

export function total(counts: Counts): number {
  return STAGES.reduce((sum, { state }) => sum + (counts[state] ?? 0), 0) + (counts.queued ?? 0);
}

/** How many of 100 jobs have ended. */
export function percentEnded(counts: Counts, of = total(counts)): number {
  if (of === 0) return 0;
  return (100 * ENDED.reduce((sum, state) => sum + (counts[state] ?? 0), 0)) / of;
}

const OVER = new Set(["completed", "completed_with_errors", "failed", "cancelled"]);

export function isOver(state: string): boolean {
  return OVER.has(state);
}

export function countsOf(counts: BatchCounts): Counts {
  const { total: _, ...states } = counts;
  return states;
}
