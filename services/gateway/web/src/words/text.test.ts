import { expect, test } from "vitest";
import { translator } from "./text";

test("a count chooses the form of the plural, and is written as the language writes it", () => {
  const t = translator("pt-BR");

  expect(t("unit.jobs", { count: 1 })).toBe("1 áudio");
  expect(t("unit.jobs", { count: 2_000 })).toBe("2.000 áudios");
  expect(translator("en")("unit.jobs", { count: 0 })).toBe("0 audios");
});

test("in Portuguese none is one, as its grammar has it", () => {
  expect(translator("pt-BR")("unit.jobs", { count: 0 })).toBe("0 áudio");
});

test("names are put in as they are", () => {
  expect(translator("en")("notify.ended", { name: "{x} 5", state: "Done" })).toBe("{x} 5: Done");
});
