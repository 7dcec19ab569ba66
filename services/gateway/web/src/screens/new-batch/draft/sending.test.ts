import { beforeEach, expect, test } from "vitest";
import { EMPTY, requestOf } from "./draft";
import { accepted, keyFor } from "./sending";

class FakeStorage {
  private readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

let storage: Storage;
beforeEach(() => {
  storage = new FakeStorage() as unknown as Storage;
});

const BEES = requestOf({ ...EMPTY, titles: "Bees" });
const ANTS = requestOf({ ...EMPTY, titles: "Ants" });

test("the same batch is sent with the same key until it was accepted", () => {
  const first = keyFor(BEES, storage);

  expect(keyFor(BEES, storage)).toBe(first);
  accepted(storage);
  expect(keyFor(BEES, storage)).not.toBe(first);
});

test("another batch has another key", () => {
  expect(keyFor(ANTS, storage)).not.toBe(keyFor(BEES, storage));
});
