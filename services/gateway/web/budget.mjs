// Compresses what was built, and fails where the first load asks for too much script.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 250_000;
const ASSETS = new URL("./dist/assets/", import.meta.url);

const sizes = new Map();
for (const name of readdirSync(ASSETS)) {
  const packed = gzipSync(readFileSync(new URL(name, ASSETS)), { level: 9 });
  writeFileSync(new URL(`${name}.gz`, ASSETS), packed);
  sizes.set(`assets/${name}`, packed.length);
}

const manifest = JSON.parse(readFileSync(new URL("./dist/.vite/manifest.json", import.meta.url)));

/** Every script that has to be there before a screen is shown: its own, and what it imports. */
function needed(entry, found = new Set()) {
  const chunk = manifest[entry];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) needed(imported, found);
  return found;
}

for (const [entry, chunk] of Object.entries(manifest)) {
  if (!chunk.isEntry && !chunk.isDynamicEntry) continue;
  const files = needed("index.html", needed(entry));
  const bytes = [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
  if (bytes > BUDGET) {
    process.stderr.write(`${entry} needs ${bytes} bytes of script; at most ${BUDGET}\n`);
    process.exitCode = 1;
  }
}
