import { expect, test } from "vitest";
import type { Voice } from "@/api/types";
import { characterOf, nameOf, sameCharacter } from "./character";

function voice(id: string, language: string): Voice {
  return { id, language, provider: "", family: "", gender: "female", launch_stage: "GA" } as Voice;
}

test("a character is the voice without its language", () => {
  expect(characterOf(voice("pt-BR-Chirp3-HD-Kore", "pt-BR"))).toBe("Chirp3-HD-Kore");
  expect(characterOf(voice("espeak:pt-BR", "pt-BR"))).toBe("espeak");
  expect(nameOf(voice("pt-BR-Chirp3-HD-Kore", "pt-BR"))).toBe("Chirp3 HD Kore");
});

test("the same character is found in another language, or not", () => {
  const japanese = [voice("ja-JP-Chirp3-HD-Puck", "ja-JP"), voice("ja-JP-Chirp3-HD-Kore", "ja-JP")];

  expect(sameCharacter("Chirp3-HD-Kore", japanese)?.id).toBe("ja-JP-Chirp3-HD-Kore");
  expect(sameCharacter("Wavenet-A", japanese)).toBeUndefined();
});
