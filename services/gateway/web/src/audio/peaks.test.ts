import { expect, test } from "vitest";
import { loudness } from "./peaks";

test("the loudest part is one, silence is nothing", () => {
  expect(loudness([0, 0, 0.5, -0.5, 0.25, 0.25], 3)).toEqual([0, 1, 0.5]);
});

test("silence alone is drawn as silence", () => {
  expect(loudness(new Float32Array(10), 5)).toEqual([0, 0, 0, 0, 0]);
});
