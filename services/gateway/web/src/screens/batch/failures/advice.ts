import type { TextKey } from "@/words/text";

interface Advice {
  text: TextKey;
  /** Where it is done, if not in the jobs themselves. */
  place?: "/keys";
}

// Codes as the stages give them; several mean the same to a user.
const RULES: readonly { match: RegExp; advice: Advice }[] = [
  { match: /rejected/, advice: { text: "failures.rejected" } },
  { match: /language/, advice: { text: "failures.wrong_language" } },
  { match: /budget/, advice: { text: "failures.budget" } },
  {
    match: /quota|rate|key|credential|exhausted/,
    advice: { text: "failures.quota", place: "/keys" },
  },
  { match: /refused|invalid|voice/, advice: { text: "failures.refused" } },
  { match: /unavailable|timeout|transient|away/, advice: { text: "failures.unavailable" } },
];

/** Returns what helps against a cause of failure. */
export function adviceFor(code: string): Advice {
  return RULES.find(({ match }) => match.test(code))?.advice ?? { text: "failures.other" };
}
