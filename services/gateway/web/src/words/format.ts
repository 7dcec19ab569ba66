import { type UiLanguage, useUiLanguage } from "./language";

/** Numbers, times and names as the reader writes them. */
export interface Format {
  number(value: number, digits?: number): string;
  percent(value: number): string;
  money(value: number): string;
  /** A span of time in two units at most: "3 h 20 min". */
  duration(seconds: number): string;
  /** A position in audio: "1:02:03". */
  clock(seconds: number): string;
  when(iso: string): string;
  language(code: string): string;
}

const SECOND_UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

export function formatFor(ui: UiLanguage): Format {
  const names = new Intl.DisplayNames([ui], {
    type: "language",
    fallback: "none",
    languageDisplay: "standard",
  });
  return {
    number: (value, digits = 0) =>
      new Intl.NumberFormat(ui, { maximumFractionDigits: digits }).format(value),
    percent: (value) =>
      new Intl.NumberFormat(ui, { style: "percent", maximumFractionDigits: 0 }).format(value / 100),
    money: (value) =>
      new Intl.NumberFormat(ui, {
        style: "currency",
        currency: "USD",
        maximumFractionDigits: value > 0 && value < 0.01 ? 4 : 2,
      }).format(value),
    duration: (seconds) => duration(ui, seconds),
    clock,
    when: (iso) =>
      new Intl.DateTimeFormat(ui, { dateStyle: "medium", timeStyle: "short" }).format(
        new Date(iso),
      ),
    language: (code) => languageName(names, code, ui),
  };
}

export function useFormat(): Format {
  return MADE[useUiLanguage()];
}

const MADE = { en: formatFor("en"), "pt-BR": formatFor("pt-BR") };

/** Returns a language in its own words, where the browser knows them. */
export function nativeName(code: string): string {
  try {
    const names = new Intl.DisplayNames([code], {
      type: "language",
      fallback: "none",
      languageDisplay: "standard",
    });
    return names.of(code) ?? "";
  } catch {
    return "";
  }
}

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3_600) parts.unshift(Math.floor(whole / 3_600));
  return parts.map((part, at) => (at ? String(part).padStart(2, "0") : String(part))).join(":");
}

function duration(ui: UiLanguage, seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  // Nobody plans by the second where there are hours.
  if (rest >= 3_600) rest = Math.round(rest / 60) * 60;
  const said: string[] = [];
  for (const [unit, length] of SECOND_UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count === 0 && !(unit === "second" && said.length === 0)) continue;
    const style = { style: "unit", unit, unitDisplay: "short" } as const;
    said.push(new Intl.NumberFormat(ui, style).format(count));
    if (said.length === 2) break;
  }
  return said.join(" ");
}

/** Returns a text with a capital: names stand in lists, not in sentences. */
export function capital(text: string, ui: UiLanguage): string {
  return text.charAt(0).toLocaleUpperCase(ui) + text.slice(1);
}

function languageName(names: Intl.DisplayNames, code: string, ui: UiLanguage): string {
  try {
    const name = code.includes("-x-") ? undefined : names.of(code);
    return name ? capital(name, ui) : code;
  } catch {
    return code;
  }
}
