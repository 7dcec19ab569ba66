import type { Voice } from "@/api/types";

/** Returns who a voice is in every language: "Chirp3-HD-Kore" of "pt-BR-Chirp3-HD-Kore".
 *
 * Voices named otherwise ("espeak:pt-BR") are of their family, in every language.
 */
export function characterOf(voice: Voice): string {
  const prefix = `${voice.language}-`;
  if (voice.id.startsWith(prefix)) return voice.id.slice(prefix.length);
  const [head, tail] = split(voice.id);
  return tail === voice.language ? head : voice.id;
}

/** Returns what to call a voice: what tells it from the others of its language. */
export function nameOf(voice: Voice): string {
  return characterOf(voice).replaceAll("-", " ").replaceAll(":", " ");
}

/** Returns the same for an id whose voice is not at hand. */
export function nameOfId(id: string, language: string): string {
  return nameOf({ id, language } as Voice);
}

/** Returns the voice of the same character, where this language has it. */
export function sameCharacter(character: string, voices: Voice[]): Voice | undefined {
  return voices.find((voice) => characterOf(voice) === character);
}

function split(id: string): [string, string] {
  const at = id.indexOf(":");
  return at < 0 ? [id, ""] : [id.slice(0, at), id.slice(at + 1)];
}
