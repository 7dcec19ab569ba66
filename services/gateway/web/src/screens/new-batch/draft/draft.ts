import type { BatchDraft, Mode } from "@/api/types";
import { findingsIn, splitTitles } from "../titles/findings";

export const FORMATS = ["mp3", "opus", "wav"] as const;
export const PROFILES = ["podcast", "youtube", "broadcast", "acx"] as const;
export type Format = (typeof FORMATS)[number];
export type Profile = (typeof PROFILES)[number];
export type Length = "automatic" | "minutes" | "characters";

/** A batch as it is being made: what the user typed, not yet what is sent. */
export interface Draft {
  mode: Mode;
  name: string;
  /** One title a line. */
  titles: string;
  languages: string[];
  /** By language; a language that is not here gets its default voice. */
  voices: Record<string, string[]>;
  /** What makes each telling different; there is always one. */
  aspects: string[];
  length: Length;
  minutes: number;
  characters: number;
  rate: number;
  style: string;
  /** Null: as its user likes it, or as it comes. */
  format: Format | null;
  profile: Profile | null;
  /** Who writes; null: as it comes. */
  agentId: string | null;
  /** Languages whose texts somebody reads before they are narrated. */
  review: string[];
  /** Whether another voice may speak where the chosen one cannot. */
  otherVoices: boolean;
  /** What it may cost at most, in US dollars. */
  budget: number | null;
}

export const EMPTY: Draft = {
  mode: "matrix",
  name: "",
  titles: "",
  languages: [],
  voices: {},
  aspects: [""],
  length: "automatic",
  minutes: 3,
  characters: 3_000,
  rate: 1,
  style: "",
  format: null,
  profile: null,
  agentId: null,
  review: [],
  otherVoices: false,
  budget: null,
};

interface Likes {
  format?: string | null;
  profile?: string | null;
}

/** Returns the draft with what its user likes where the draft leaves it open. */
export function completed(draft: Draft, likes: Likes | undefined): Draft {
  const format = FORMATS.find((each) => each === likes?.format) ?? null;
  const profile = PROFILES.find((each) => each === likes?.profile) ?? null;
  return { ...draft, format: draft.format ?? format, profile: draft.profile ?? profile };
}

/** How many voices speak a language: its default one where none was chosen. */
export function voicesOf(draft: Draft, language: string): number {
  return Math.max(1, draft.voices[language]?.length ?? 0);
}

export interface Size {
  titles: number;
  languages: number;
  /** Voices over all languages. */
  targets: number;
  variations: number;
  jobs: number;
  /** Titles that would be refused. */
  wrong: number;
}

export function sizeOf(draft: Draft): Size {
  const found = splitTitles(draft.titles);
  const titles = found.length;
  const targets = draft.languages.reduce((sum, code) => sum + voicesOf(draft, code), 0);
  const variations = draft.aspects.length;
  return {
    titles,
    languages: draft.languages.length,
    targets,
    variations,
    jobs: titles * targets * variations,
    wrong: findingsIn(found).length,
  };
}

/** Returns what is sent: what was not touched is left out, so that the server decides. */
export function requestOf(draft: Draft): BatchDraft {
  const titles = splitTitles(draft.titles).map((title) => title.text);
  const chosen = draft.languages.filter((code) => draft.voices[code]?.length);
  return {
    mode: draft.mode,
    name: nameOf(draft.name, titles),
    titles,
    languages: draft.languages,
    voices: Object.fromEntries(chosen.map((code) => [code, draft.voices[code] ?? []])),
    variations: draft.aspects.map((aspect) => ({ aspect: aspect.trim() })),
    ...(draft.agentId ? { agent_id: draft.agentId } : {}),
    options: {
      speaking_rate: draft.rate,
      pitch_semitones: 0,
      style: draft.style.trim(),
      format: draft.format ?? "mp3",
      profile: draft.profile ?? "podcast",
      review: draft.review.filter((code) => draft.languages.includes(code)),
      other_models: true,
      other_voices: draft.otherVoices,
      ...(draft.budget === null ? {} : { budget_usd: draft.budget }),
      ...(draft.length === "minutes" ? { target_minutes: draft.minutes } : {}),
      ...(draft.length === "characters" ? { target_characters: draft.characters } : {}),
    },
  };
}

const NAME_CHARACTERS = 80;

/** A list of batches without names is of no use: the first title stands for all. */
function nameOf(name: string, titles: string[]): string {
  const [first = ""] = titles;
  if (name.trim() || !first) return name.trim();
  const letters = [...first];
  const short =
    letters.length > NAME_CHARACTERS ? `${letters.slice(0, NAME_CHARACTERS).join("")}…` : first;
  return titles.length > 1 ? `${short} +${titles.length - 1}` : short;
}
