import { expect, test } from "vitest";
import { clock, formatFor, nativeName } from "./format";

test("a span of time has two units at most", () => {
  const format = formatFor("en");

  expect(format.duration(0)).toBe("0 sec");
  expect(format.duration(65)).toBe("1 min 5 sec");
  expect(format.duration(3_725)).toBe("1 hr 2 min");
  expect(format.duration(90_000)).toBe("1 day 1 hr");
});

test("a clock shows hours only where there are any", () => {
  expect([clock(0), clock(62.9), clock(3_723)]).toEqual(["0:00", "1:02", "1:02:03"]);
});

test("small amounts are not rounded to nothing", () => {
  expect(formatFor("en").money(0.0042)).toBe("$0.0042");
});

test("languages have a name, those unknown to the browser their code", () => {
  expect(formatFor("pt-BR").language("ja-JP")).toBe("Japonês (Japão)");
  expect(formatFor("en").language("art-x-pyash")).toBe("art-x-pyash");
  expect(nativeName("de-DE")).toBe("Deutsch (Deutschland)");
});
