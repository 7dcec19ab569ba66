import type { AgentDraft } from "@/api/types";

export function emptyAgent(language: string): AgentDraft {
  return {
    name: "",
    language: language === "en" ? "en-US" : language,
    premise_prompt: "",
    persona_prompt: "",
    block_structure_prompt: "",
    cultural_adaptation_prompt: "",
    cultural_configs: {},
    glossary: {},
    do_not_translate: [],
    default_voices: {},
    target_languages: [],
  };
}

/** Terms as they are typed, one a line; as they are sent, a list without repetitions. */
export function termsOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\n,]/)
        .map((term) => term.trim())
        .filter(Boolean),
    ),
  ];
}

/** A glossary as it is typed: "term = how it is said", one a line. */
export function glossaryOf(text: string): Record<string, string> {
  const pairs = text.split("\n").flatMap((line) => {
    const at = line.indexOf("=");
    const term = line.slice(0, Math.max(at, 0)).trim();
    const said = line.slice(at + 1).trim();
    return at > 0 && term && said ? [[term, said] as const] : [];
  });
  return Object.fromEntries(pairs);
}

export function glossaryText(glossary: Record<string, string>): string {
  return Object.entries(glossary)
    .map(([term, said]) => `${term} = ${said}`)
    .join("\n");
}
