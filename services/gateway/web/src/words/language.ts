import { useSyncExternalStore } from "react";

export type UiLanguage = "pt-BR" | "en";

const KEY = "bolt.language";
const listeners = new Set<() => void>();
let current: UiLanguage = detect();

function detect(): UiLanguage {
  const wanted = stored() ?? globalThis.navigator?.language ?? "en";
  return wanted.toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function uiLanguage(): UiLanguage {
  return current;
}

export function setUiLanguage(language: UiLanguage): void {
  current = language;
  document.documentElement.lang = language;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const tell of listeners) tell();
}

/** The language of the interface; components that use it follow a change. */
export function useUiLanguage(): UiLanguage {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, uiLanguage);
}
