import { expect, test } from "vitest";
import { glossaryOf, glossaryText, termsOf } from "./agent";

test("terms come a line or a comma apart, once each", () => {
  expect(termsOf("Bolt IA\nKafka, Bolt IA\n")).toEqual(["Bolt IA", "Kafka"]);
});

test("a glossary is read as it was written", () => {
  const glossary = { bee: "abelha", "a = b": "c" };

  expect(glossaryOf("bee = abelha\nnothing\n= x\ny =")).toEqual({ bee: "abelha" });
  expect(glossaryOf(glossaryText({ bee: glossary.bee }))).toEqual({ bee: "abelha" });
});
