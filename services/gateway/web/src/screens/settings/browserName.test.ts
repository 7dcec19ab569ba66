import { expect, test } from "vitest";
import { browserName } from "./browserName";

test("browsers are called what people call them", () => {
  const edge =
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0";

  expect(browserName(edge)).toBe("Edge, Windows");
  expect(browserName("bolt/1.0")).toBe("bolt/1.0");
  expect(browserName("")).toBe("?");
});
