import { useCallback, useSyncExternalStore } from "react";
import { session } from "@/api/session";
import { type Draft, EMPTY } from "./draft";

// Typing must not wait for the disk.
const SAVE_MS = 300;

const listeners = new Set<() => void>();
let owner = "";
let current: Draft = EMPTY;
let timer: ReturnType<typeof setTimeout> | undefined;

function key(): string {
  return `bolt.draft.${owner}`;
}

/** The draft of whoever is signed in; a reload, or another day, finds it as it was left. */
function draft(): Draft {
  const who = session()?.email ?? "";
  if (who !== owner) {
    owner = who;
    current = read();
  }
  return current;
}

function read(): Draft {
  try {
    const text = localStorage.getItem(key());
    // Fields that were added since then get their defaults.
    return text ? { ...EMPTY, ...(JSON.parse(text) as Partial<Draft>) } : EMPTY;
  } catch {
    return EMPTY;
  }
}

function save(): void {
  clearTimeout(timer);
  timer = undefined;
  try {
    localStorage.setItem(key(), JSON.stringify(current));
  } catch {
    // Full or refused storage: the draft lasts as long as the page.
  }
}

globalThis.addEventListener?.("pagehide", () => timer !== undefined && save());

export function changeDraft(change: Partial<Draft>): void {
  current = { ...draft(), ...change };
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_MS);
  for (const tell of listeners) tell();
}

/** After it was sent: the next batch begins with the same choices and without titles. */
export function draftWasSent(): void {
  changeDraft({ titles: "", name: "" });
  save();
}

export function useDraft(): [Draft, (change: Partial<Draft>) => void] {
  const now = useSyncExternalStore(
    useCallback((tell: () => void) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    }, []),
    draft,
  );
  return [now, changeDraft];
}
