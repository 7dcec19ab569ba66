import { expect, test } from "vitest";
import type { Language } from "@/api/types";
import { regionOf } from "./regions";
import { choicesOf, matching } from "./search";

const LANGUAGES: Language[] = [
  { code: "ja-JP", name: "Japanese (Japan)", name_pt: "japonês (Japão)", voices: 80 },
  { code: "pt-BR", name: "Portuguese (Brazil)", name_pt: "português (Brasil)", voices: 82 },
];
const CHOICES = choicesOf(LANGUAGES, "pt-BR");
const codes = (text: string) => matching(CHOICES, text).map((choice) => choice.code);

test("a language is found by any of its names, with or without accents", () => {
  expect(codes("japones")).toEqual(["ja-JP"]);
  expect(codes("Japanese")).toEqual(["ja-JP"]);
  expect(codes("日本")).toEqual(["ja-JP"]);
  expect(codes("pt-br")).toEqual(["pt-BR"]);
  expect(codes("portugues brasil")).toEqual(["pt-BR"]);
  expect(codes("")).toHaveLength(2);
});

test("names begin with a capital in the interface", () => {
  expect(CHOICES.map((choice) => choice.name)).toEqual(["Japonês (Japão)", "Português (Brasil)"]);
});

test("a tag tells the region, where it tells one", () => {
  expect([regionOf("pt-BR"), regionOf("ja-JP"), regionOf("eo"), regionOf("en-US-x-nyc")]).toEqual([
    "americas",
    "asia",
    null,
    "americas",
  ]);
});
