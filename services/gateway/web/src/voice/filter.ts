import type { Voice } from "@/api/types";
import { nameOf } from "./character";

export interface VoiceFilter {
  text: string;
  gender: string;
  family: string;
}

export const ANY: VoiceFilter = { text: "", gender: "", family: "" };

/** Returns the voices that match, favourites first. */
export function chosenBy(voices: Voice[], filter: VoiceFilter, favourites: Set<string>): Voice[] {
  const text = filter.text.trim().toLowerCase();
  const found = voices.filter(
    (voice) =>
      (!filter.gender || voice.gender === filter.gender) &&
      (!filter.family || voice.family === filter.family) &&
      (!text || `${nameOf(voice)} ${voice.provider}`.toLowerCase().includes(text)),
  );
  return found.sort(
    (one, other) => Number(favourites.has(other.id)) - Number(favourites.has(one.id)),
  );
}

export function familiesOf(voices: Voice[]): string[] {
  return [...new Set(voices.map((voice) => voice.family))].sort();
}
