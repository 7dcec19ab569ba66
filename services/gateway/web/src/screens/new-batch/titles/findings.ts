export const MOST_CHARACTERS = 1_000;

export interface Title {
  /** From 1, as an editor counts. */
  line: number;
  text: string;
}

export type Finding =
  | { kind: "duplicate"; line: number; of: number }
  | { kind: "long"; line: number; characters: number };

/** Returns the titles of a text: a line each, empty ones left out. */
export function splitTitles(text: string): Title[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, at) => ({ line: at + 1, text: line.trim() }))
    .filter((title) => title.text !== "");
}

/** Returns what is wrong, line by line: titles that are there already, and those too long. */
export function findingsIn(titles: Title[]): Finding[] {
  const first = new Map<string, number>();
  const found: Finding[] = [];
  for (const { line, text } of titles) {
    const same = first.get(text);
    if (same === undefined) first.set(text, line);
    else found.push({ kind: "duplicate", line, of: same });
    const characters = [...text].length;
    if (characters > MOST_CHARACTERS) found.push({ kind: "long", line, characters });
  }
  return found;
}

/** Returns the text without repetitions. */
export function withoutDuplicates(text: string): string {
  return [...new Set(splitTitles(text).map((title) => title.text))].join("\n");
}
