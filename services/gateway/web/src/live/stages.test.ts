import { expect, test } from "vitest";
import { isOver, percentEnded, total } from "./stages";

test("what failed or was cancelled has ended, too", () => {
  expect(percentEnded({ completed: 1, failed: 1, cancelled: 1, queued: 1 })).toBe(75);
});

test("nothing of nothing has ended", () => {
  expect(percentEnded({})).toBe(0);
  expect(total({})).toBe(0);
});

test("a paused batch is not over", () => {
  expect([isOver("paused"), isOver("completed_with_errors")]).toEqual([false, true]);
});
