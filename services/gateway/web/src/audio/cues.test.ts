import { expect, test } from "vitest";
import { cueAt, parseVtt } from "./cues";

const VTT = `WEBVTT

1
00:00:00.000 --> 00:00:02.500 align:start
Why is the sky
dark at night?

00:00:03.000 --> 01:00:04.000
Because.
`;

test("cues have their times in seconds, and their lines in one", () => {
  expect(parseVtt(VTT)).toEqual([
    { start: 0, end: 2.5, text: "Why is the sky dark at night?" },
    { start: 3, end: 3604, text: "Because." },
  ]);
});

test("lines of Windows are lines", () => {
  expect(parseVtt(VTT.replaceAll("\n", "\r\n"))).toHaveLength(2);
});

test("between two cues the first is the one that is heard", () => {
  const cues = parseVtt(VTT);

  expect([cueAt(cues, -1), cueAt(cues, 0), cueAt(cues, 2.8), cueAt(cues, 3)]).toEqual([
    -1, 0, 0, 1,
  ]);
});
