import { expect, test } from "vitest";
import { Problem } from "./problem";
import { worthRepeating } from "./queries";

test("what may heal is asked again, a few times", () => {
  const away = new Problem("", { status: 503, code: "unavailable" });

  expect(worthRepeating(0, away)).toBe(true);
  expect(worthRepeating(3, away)).toBe(false);
  expect(worthRepeating(0, new Problem("", { status: 0, code: "offline" }))).toBe(true);
});

test("what would fail in the same way is not", () => {
  expect(worthRepeating(0, new Problem("", { status: 404, code: "not_found" }))).toBe(false);
  expect(worthRepeating(0, new Error("a bug"))).toBe(false);
});
