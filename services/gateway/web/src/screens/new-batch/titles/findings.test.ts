import { expect, test } from "vitest";
import { findingsIn, splitTitles, withoutDuplicates } from "./findings";

test("a title is a line, and keeps its number where lines are empty", () => {
  expect(splitTitles("Bees\r\n\n  Ants ")).toEqual([
    { line: 1, text: "Bees" },
    { line: 3, text: "Ants" },
  ]);
});

test("a repetition names the line it repeats", () => {
  expect(findingsIn(splitTitles("Bees\nAnts\nBees "))).toEqual([
    { kind: "duplicate", line: 3, of: 1 },
  ]);
});

test("characters are counted as people see them", () => {
  expect(findingsIn(splitTitles("🐝".repeat(1_000)))).toEqual([]);
  expect(findingsIn(splitTitles("🐝".repeat(1_001)))).toEqual([
    { kind: "long", line: 1, characters: 1_001 },
  ]);
});

test("cleaning up keeps the first of each, in order", () => {
  expect(withoutDuplicates("b\na\nb\n\nc")).toBe("b\na\nc");
});
