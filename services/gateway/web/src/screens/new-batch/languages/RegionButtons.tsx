import { type TextKey, useText } from "@/words/text";
import { REGIONS } from "./regions";
import { type Choice, POPULAR } from "./search";

interface Props {
  choices: Choice[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

// A region means its well-voiced languages: nobody who asks for Europe means Lancaster English.
const ENOUGH_VOICES = 20;

/** Chooses many languages at once: those most asked for, or those of a region. */
export function RegionButtons({ choices, chosen, onChange }: Props) {
  const t = useText();
  const groups = [
    { key: "popular", codes: POPULAR },
    ...REGIONS.map((region) => ({
      key: region,
      codes: choices
        .filter((choice) => choice.region === region && choice.voices >= ENOUGH_VOICES)
        .map((choice) => choice.code),
    })),
  ];

  function toggle(codes: string[], all: boolean) {
    if (all) onChange(chosen.filter((code) => !codes.includes(code)));
    else onChange([...new Set([...chosen, ...codes])]);
  }

  return (
    <fieldset className="my-3 flex flex-wrap gap-2">
      <legend className="sr-only">{t("newBatch.languages.regions")}</legend>
      {groups.map(({ key, codes }) => {
        const all = codes.length > 0 && codes.every((code) => chosen.includes(code));
        return (
          <button
            key={key}
            type="button"
            aria-pressed={all}
            disabled={codes.length === 0}
            onClick={() => toggle(codes, all)}
            className="min-h-8 rounded-full border border-line px-3 text-sm text-ink hover:bg-sunken aria-pressed:border-accent aria-pressed:text-accent"
          >
            {t(`newBatch.languages.${key}` as TextKey)}{" "}
            <span className="figures text-muted">{codes.length}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
