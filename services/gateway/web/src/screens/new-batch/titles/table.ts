const SEPARATORS = [",", ";", "\t"] as const;
const HEADINGS = ["title", "titles", "título", "títulos", "titulo", "titulos"];

// A cell, and what ends it: a separator, the end of a line, or the end of the text.
const CELL = (separator: string) =>
  new RegExp(`("(?:[^"]|"")*"|[^${separator}\\r\\n]*)(${separator}|\\r\\n|\\r|\\n|$)`, "gy");

/** Returns the rows of a CSV (RFC 4180), whichever separator it was saved with. */
export function parseCsv(text: string): string[][] {
  const source = text.replace(/^\uFEFF/, "");
  const separator = separatorOf(source);
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, cell = "", end = ""] of source.matchAll(CELL(separator))) {
    row.push(unquoted(cell));
    if (end === separator) continue;
    rows.push(row);
    row = [];
    if (end === "") break;
  }
  return rows.filter((each) => each.some((value) => value.trim() !== ""));
}

/** Returns the titles of a file: of its column "title", or of its first column. */
export function titlesOfFile(name: string, text: string): string[] {
  if (!/\.(csv|tsv)$/i.test(name)) return lines(text.split(/\r\n|\r|\n/));
  const rows = parseCsv(text);
  const heading = rows[0]?.map((cell) => cell.trim().toLowerCase()) ?? [];
  const column = heading.findIndex((cell) => HEADINGS.includes(cell));
  const body = column >= 0 ? rows.slice(1) : rows;
  return lines(body.map((row) => row[Math.max(column, 0)] ?? ""));
}

/** Whether a file says more than titles: a workbook, or a table that has languages, too. */
export function isSheet(name: string, beginning: string): boolean {
  if (/\.xlsx$/i.test(name)) return true;
  if (!/\.(csv|tsv)$/i.test(name)) return false;
  const [heading = []] = parseCsv(beginning);
  return heading.some((cell) => /^(language|idioma)$/i.test(cell.trim()));
}

function separatorOf(text: string): string {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const counts = SEPARATORS.map((separator) => first.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
}

// A title that goes over several lines in its cell is one title all the same.
function lines(values: string[]): string[] {
  return values.map((value) => value.replace(/\s+/g, " ").trim()).filter(Boolean);
}

function unquoted(cell: string): string {
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}
