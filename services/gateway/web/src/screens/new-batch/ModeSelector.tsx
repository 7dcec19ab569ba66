import type { Mode } from "@/api/types";
import { type TextKey, useText } from "@/words/text";

const MODES: readonly { mode: Mode; titles: number; languages: number }[] = [
  { mode: "matrix", titles: 3, languages: 3 },
  { mode: "expand_languages", titles: 1, languages: 3 },
  { mode: "expand_titles", titles: 3, languages: 1 },
];

/** The three ways titles and languages multiply, each drawn as what comes out of it. */
export function ModeSelector({ value, onChange }: { value: Mode; onChange: (mode: Mode) => void }) {
  const t = useText();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-3 text-base font-semibold">{t("newBatch.mode.heading")}</legend>
      <div className="grid gap-3 sm:grid-cols-3">
        {MODES.map(({ mode, titles, languages }) => (
          <label
            key={mode}
            className="relative flex items-center gap-4 rounded-xl border border-line bg-surface p-4 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent sm:flex-col sm:items-start"
          >
            <input
              type="radio"
              name="mode"
              value={mode}
              checked={value === mode}
              onChange={() => onChange(mode)}
              className="absolute inset-0 cursor-pointer appearance-none outline-none"
            />
            <Drawing titles={titles} languages={languages} />
            <span className="min-w-0">
              <span className="block text-sm font-medium">{t(`mode.${mode}` as TextKey)}</span>
              <span className="block text-sm text-muted">
                {t(`newBatch.mode.${mode}` as TextKey)}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const CELL = 10;
const GAP = 4;

/** Lines are titles on the left; squares are their audios, a column a language. */
function Drawing({ titles, languages }: { titles: number; languages: number }) {
  const rows = Array.from({ length: titles }, (_, at) => at);
  const columns = Array.from({ length: languages }, (_, at) => at);
  const offset = ((3 - titles) * (CELL + GAP)) / 2;
  return (
    <svg aria-hidden="true" width="72" height="40" viewBox="0 0 72 40" className="shrink-0">
      {rows.map((row) => (
        <g key={row} transform={`translate(0 ${offset + row * (CELL + GAP) + 1})`}>
          <rect y="3" width="20" height="4" rx="2" className="fill-muted" />
          {columns.map((column) => (
            <rect
              key={column}
              x={30 + column * (CELL + GAP)}
              width={CELL}
              height={CELL}
              rx="3"
              className={["fill-step-3", "fill-step-2", "fill-done"][column] ?? ""}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}
