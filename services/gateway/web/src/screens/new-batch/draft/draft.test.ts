import { expect, test } from "vitest";
import { completed, EMPTY, requestOf, sizeOf } from "./draft";

const DRAFT = {
  ...EMPTY,
  titles: "Bees\nAnts\n",
  languages: ["pt-BR", "en-US"],
  voices: { "pt-BR": ["a", "b"], "fr-FR": ["gone"] },
  aspects: ["", " tone: warm "],
};

test("jobs are titles times voices times variations", () => {
  expect(sizeOf(DRAFT)).toEqual({
    titles: 2,
    languages: 2,
    targets: 3,
    variations: 2,
    jobs: 12,
    wrong: 0,
  });
});

test("voices of languages that were taken away are not sent", () => {
  const body = requestOf(DRAFT);

  expect(body.voices).toEqual({ "pt-BR": ["a", "b"] });
  expect(body.variations).toEqual([{ aspect: "" }, { aspect: "tone: warm" }]);
});

test("a length is sent where one was asked for", () => {
  expect(requestOf(DRAFT).options).not.toHaveProperty("target_minutes");
  expect(requestOf({ ...DRAFT, length: "minutes", minutes: 5 }).options?.target_minutes).toBe(5);
});

test("what a draft leaves open is as its user likes it", () => {
  const likes = { format: "opus", profile: "a profile of tomorrow" };

  expect(completed(EMPTY, likes)).toMatchObject({ format: "opus", profile: null });
  expect(completed({ ...EMPTY, format: "wav" }, likes).format).toBe("wav");
  expect(requestOf(completed(EMPTY, undefined)).options?.format).toBe("mp3");
});

test("a batch without a name is called by its first title", () => {
  expect(requestOf(DRAFT).name).toBe("Bees +1");
  expect(requestOf({ ...DRAFT, titles: "Bees" }).name).toBe("Bees");
  expect(requestOf({ ...DRAFT, name: " Insects " }).name).toBe("Insects");
});
