import { describe, expect, test } from "vitest";
import { en, pt } from "./catalogue";

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string"
      ? [[path + key, value] as [string, string]]
      : leaves(value, `${path}${key}.`),
  );
}

const english = new Map(leaves(en));
const portuguese = new Map(leaves(pt));
const placeholders = (text = "") => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe("the catalogues", () => {
  test("have the same keys", () => {
    expect([...portuguese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test("say something everywhere", () => {
    for (const text of [...english.values(), ...portuguese.values()])
      expect(text.trim()).not.toBe("");
  });

  test("put the same values into each text", () => {
    for (const [key, text] of english) {
      expect(placeholders(portuguese.get(key)), key).toEqual(placeholders(text));
    }
  });

  test("have both forms of every plural", () => {
    for (const key of english.keys()) {
      if (key.endsWith("_one")) expect(english.has(key.replace(/_one$/, "_other")), key).toBe(true);
    }
  });
});
