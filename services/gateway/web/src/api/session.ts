import { useSyncExternalStore } from "react";

/** Who is signed in on this browser. What proves it is a cookie that no script can read. */
export interface Session {
  email: string;
}

const KEY = "bolt.session";
const listeners = new Set<() => void>();
let current: Session | null = read();

function read(): Session | null {
  try {
    const text = localStorage.getItem(KEY);
    return text ? (JSON.parse(text) as Session) : null;
  } catch {
    return null;
  }
}

function change(next: Session | null): void {
  current = next;
  for (const tell of listeners) tell();
}

export function session(): Session | null {
  return current;
}

export function setSession(next: Session | null): void {
  try {
    if (next) localStorage.setItem(KEY, JSON.stringify(next));
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage one stays signed in as long as the page is open.
  }
  change(next);
}

/** Calls `tell` at every change, until what it returns is called. */
export function onSession(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function useSession(): Session | null {
  return useSyncExternalStore(onSession, session);
}

// Signing out in one tab signs out in all.
globalThis.addEventListener?.("storage", (event) => {
  if (event.key === KEY) change(read());
});
