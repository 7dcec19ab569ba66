import type { Batch, BatchCounts, BatchState, JobState } from "@/api/types";
import { type Counts, countsOf, isOver } from "./stages";

/** A batch as it is watched: what the last message said, and all that said before. */
export interface LiveView {
  seq: number;
  state: BatchState;
  total: number;
  counts: Counts;
  byLanguage: Record<string, Counts>;
  jobsPerMinute: number;
  remainingSeconds: number | null;
  audioSeconds: number;
  providerCalls: number;
}

interface Progress {
  type: "progress";
  seq: number;
  state: BatchState;
  counts: BatchCounts;
  by_language?: Record<string, Partial<Record<JobState, number>>>;
  jobs_per_minute?: number;
  remaining_seconds?: number | null;
  audio_seconds: number;
  provider_calls: number;
}

export type Message =
  | Progress
  | { type: "snapshot"; seq: number; batch: Batch }
  | { type: "deleted"; seq: number }
  | { type: "ping" };

export function viewOf(batch: Batch): LiveView {
  return {
    seq: batch.seq,
    state: batch.state,
    total: batch.counts.total,
    counts: countsOf(batch.counts),
    byLanguage: {},
    jobsPerMinute: 0,
    remainingSeconds: null,
    audioSeconds: batch.audio_seconds,
    providerCalls: batch.provider_calls,
  };
}

/** Returns the view after a message. One that was seen already changes nothing. */
export function fold(view: LiveView, message: Message): LiveView {
  if (message.type === "ping" || message.type === "deleted") return view;
  if (message.type === "snapshot") {
    const over = isOver(message.batch.state);
    // The end may come before it has a number of its own.
    if (message.seq < view.seq || (message.seq === view.seq && !over)) return view;
    const { byLanguage, jobsPerMinute, remainingSeconds } = view;
    return {
      ...viewOf(message.batch),
      byLanguage,
      ...(over ? {} : { jobsPerMinute, remainingSeconds }),
    };
  }
  if (message.seq <= view.seq) return view;
  return {
    seq: message.seq,
    state: message.state,
    total: message.counts.total,
    counts: countsOf(message.counts),
    byLanguage: message.by_language ?? view.byLanguage,
    jobsPerMinute: message.jobs_per_minute ?? 0,
    remainingSeconds: message.remaining_seconds ?? null,
    audioSeconds: message.audio_seconds,
    providerCalls: message.provider_calls,
  };
}
