const KEY = "bolt.recentLanguages";
const MOST = 8;

export function recentLanguages(): string[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as string[];
  } catch {
    return [];
  }
}

/** Remembers what a batch was made in, the newest first. */
export function rememberLanguages(codes: string[]): void {
  try {
    const next = [...new Set([...codes, ...recentLanguages()])].slice(0, MOST);
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Without storage there are no recent languages.
  }
}
