import { expect, test } from "vitest";
import { nameIn } from "./download";

test("a file keeps its name, in whatever script", () => {
  const header = `attachment; filename="???.zip"; filename*=UTF-8''%E5%AE%87%E5%AE%99.zip`;

  expect(nameIn(header)).toBe("宇宙.zip");
  expect(nameIn('attachment; filename="bees.zip"')).toBe("bees.zip");
  expect(nameIn(null)).toBeNull();
});
