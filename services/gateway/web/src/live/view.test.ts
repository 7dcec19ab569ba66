import { describe, expect, test } from "vitest";
import type { Batch } from "@/api/types";
import { fold, type Message, viewOf } from "./view";

const COUNTS = {
  total: 4,
  queued: 2,
  scripting: 0,
  adapting: 0,
  awaiting_review: 0,
  narrating: 0,
  completed: 2,
  failed: 0,
  cancelled: 0,
};

function batch(changes: Partial<Batch> = {}): Batch {
  return {
    batch_id: "b",
    name: "",
    mode: "matrix",
    state: "running",
    counts: COUNTS,
    percent: 50,
    provider_calls: 0,
    characters: 0,
    audio_seconds: 1,
    seq: 5,
    created_at: "",
    started_at: null,
    updated_at: "",
    completed_at: null,
    ...changes,
  } as Batch;
}

function progress(seq: number, completed = 3): Message {
  return {
    type: "progress",
    seq,
    state: "running",
    counts: { ...COUNTS, completed, queued: 4 - completed },
    by_language: { "pt-BR": { completed } },
    jobs_per_minute: 12,
    remaining_seconds: 5,
    audio_seconds: 2,
    provider_calls: 1,
  };
}

describe("what is shown of a batch", () => {
  test("follows every change", () => {
    const view = fold(viewOf(batch()), progress(6));

    expect(view).toMatchObject({ seq: 6, jobsPerMinute: 12, counts: { completed: 3 } });
  });

  test("is the same after a repetition or something old", () => {
    const view = fold(viewOf(batch()), progress(6));

    expect(fold(view, progress(6, 1))).toBe(view);
    expect(fold(view, progress(5, 1))).toBe(view);
    expect(fold(view, { type: "snapshot", seq: 4, batch: batch({ seq: 4 }) })).toBe(view);
    expect(fold(view, { type: "ping" })).toBe(view);
  });

  test("keeps the languages where a snapshot does not tell them", () => {
    const view = fold(viewOf(batch()), progress(6));

    const after = fold(view, { type: "snapshot", seq: 9, batch: batch({ seq: 9 }) });

    expect(after.seq).toBe(9);
    expect(after.byLanguage).toEqual({ "pt-BR": { completed: 3 } });
  });

  test("knows the end, even where it has no number of its own", () => {
    const end = batch({ state: "completed", counts: { ...COUNTS, completed: 4, queued: 0 } });

    const view = fold(viewOf(batch()), { type: "snapshot", seq: 5, batch: end });

    expect(view.state).toBe("completed");
    expect(view.remainingSeconds).toBeNull();
  });
});
