import { expect, test } from "vitest";
import type { Notification } from "@/api/notifications";
import { translator } from "@/words/text";
import { batchOf, textOf } from "./told";

function told(type: string, data: Record<string, unknown> = {}): Notification {
  return { notification_id: "n", type, data, at: "", read_at: null } as Notification;
}

test("the end of a batch is told with its name", () => {
  const item = told("batch.completed_with_errors", { batch_id: "b", name: "Bees" });

  expect(textOf(item, translator("en"))).toBe("Bees: Done, with errors");
  expect(batchOf(item)).toBe("b");
});

test("a budget that is used up leads to its batch", () => {
  const item = told("batch.budget_reached", { batch_id: "b", budget_usd: 5 });

  expect(textOf(item, translator("en"))).toBe("A batch waits: its budget is used up");
  expect(batchOf(item)).toBe("b");
});

test("what is not known yet is told all the same", () => {
  expect(textOf(told("moon.rose"), translator("en"))).toBe("Something happened: moon.rose");
  expect(batchOf(told("moon.rose"))).toBeNull();
});
