import { en, pt } from "./catalogue";
import { type UiLanguage, useUiLanguage } from "./language";

type Leaves<T, P extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];

type Singular<K extends string> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K;

/** Every text there is; the two forms of a plural are one key. */
export type TextKey = Singular<Leaves<typeof en>>;

export type Values = Record<string, string | number>;

export type Translate = (key: TextKey, values?: Values) => string;

const CATALOGUES = { en, "pt-BR": pt };

/** Returns what turns keys into texts of `language`; `count` chooses between plural forms. */
export function translator(language: UiLanguage): Translate {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const form = plurals.select(Number(values.count ?? 0)) === "one" ? "one" : "other";
    const found = leaf(CATALOGUES[language], key) ?? leaf(CATALOGUES[language], `${key}_${form}`);
    return (found ?? key).replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === "number" ? numbers.format(value) : String(value ?? "");
    });
  };
}

export function useText(): Translate {
  return MADE[useUiLanguage()];
}

const MADE = { en: translator("en"), "pt-BR": translator("pt-BR") };

function leaf(tree: unknown, key: string): string | undefined {
  let node: unknown = tree;
  for (const part of key.split(".")) {
    node = (node as Record<string, unknown> | undefined)?.[part];
  }
  return typeof node === "string" ? node : undefined;
}
