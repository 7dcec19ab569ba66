import type { Language } from "@/api/types";
import { capital, nativeName } from "@/words/format";
import type { UiLanguage } from "@/words/language";
import { type Region, regionOf } from "./regions";

export interface Choice {
  code: string;
  /** In the language of the interface. */
  name: string;
  /** In its own. */
  native: string;
  region: Region | null;
  /** What a search looks in. */
  haystack: string;
  voices: number;
}

// What most batches ask for: shown before the alphabet begins.
export const POPULAR = [
  "pt-BR",
  "en-US",
  "es-ES",
  "es-US",
  "fr-FR",
  "de-DE",
  "it-IT",
  "ja-JP",
  "ko-KR",
  "hi-IN",
  "ar-XA",
  "id-ID",
];

export function choicesOf(languages: Language[], ui: UiLanguage): Choice[] {
  return languages
    .map((language) => {
      const name = capital(ui === "pt-BR" ? language.name_pt : language.name, ui);
      const native = nativeName(language.code);
      return {
        code: language.code,
        name,
        native: fold(native) === fold(name) ? "" : native,
        region: regionOf(language.code),
        haystack: fold([language.code, language.name, language.name_pt, native].join(" ")),
        voices: language.voices,
      };
    })
    .sort((one, other) => one.name.localeCompare(other.name, ui));
}

/** Returns a text as it is compared: without accents and capitals. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Returns the languages in whose names every word of `text` is. */
export function matching(choices: Choice[], text: string): Choice[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices;
  return choices.filter((choice) => words.every((word) => choice.haystack.includes(word)));
}
