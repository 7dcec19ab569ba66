import { Card } from "@/design/Card";
import { Select, TextField } from "@/design/Field";
import { Segmented } from "@/design/Segmented";
import { useFormat } from "@/words/format";
import { type TextKey, useText } from "@/words/text";
import {
  type Draft,
  FORMATS,
  type Format,
  type Length,
  PROFILES,
  type Profile,
} from "../draft/draft";

const LENGTHS: readonly Length[] = ["automatic", "minutes", "characters"];

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** How long it should be, and how it should sound. */
export function OptionsSection({ draft, onChange }: Props) {
  const t = useText();
  const format = useFormat();
  const profile = draft.profile ?? "podcast";
  const kind = draft.format ?? "mp3";
  return (
    <Card title={t("newBatch.options.heading")}>
      <div className="grid gap-5 sm:grid-cols-2">
        <div className="flex flex-col items-start gap-2 sm:col-span-2">
          <p className="text-sm font-medium">{t("newBatch.options.length")}</p>
          <div className="flex flex-wrap items-center gap-3">
            <Segmented
              label={t("newBatch.options.length")}
              value={draft.length}
              onChange={(length) => onChange({ length })}
              options={LENGTHS.map((length) => ({
                value: length,
                label: t(`newBatch.options.${length}` as TextKey),
              }))}
            />
            <LengthField draft={draft} onChange={onChange} />
          </div>
        </div>
        <Select
          label={t("newBatch.options.profile")}
          hint={t(`newBatch.options.${profile}Hint` as TextKey)}
          value={profile}
          onChange={(event) => onChange({ profile: event.target.value as Profile })}
        >
          {PROFILES.map((each) => (
            <option key={each} value={each}>
              {t(`newBatch.options.${each}` as TextKey)}
            </option>
          ))}
        </Select>
        <Select
          label={t("newBatch.options.format")}
          hint={t(`newBatch.options.${kind}Hint` as TextKey)}
          value={kind}
          onChange={(event) => onChange({ format: event.target.value as Format })}
        >
          {FORMATS.map((each) => (
            <option key={each} value={each}>
              {each.toUpperCase()}
            </option>
          ))}
        </Select>
        <Select
          label={t("newBatch.options.rate")}
          value={draft.rate}
          onChange={(event) => onChange({ rate: Number(event.target.value) })}
        >
          {[0.75, 0.9, 1, 1.1, 1.25, 1.5].map((rate) => (
            <option key={rate} value={rate}>
              {rate === 1 ? t("newBatch.options.normal") : `${format.number(rate, 2)}×`}
            </option>
          ))}
        </Select>
        <TextField
          label={`${t("newBatch.options.name")} (${t("common.optional")})`}
          value={draft.name}
          maxLength={200}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </div>
    </Card>
  );
}

function LengthField({ draft, onChange }: Props) {
  const t = useText();
  if (draft.length === "automatic") return null;
  const minutes = draft.length === "minutes";
  return (
    <input
      type="number"
      aria-label={t(minutes ? "newBatch.options.minutes" : "newBatch.options.characters")}
      min={minutes ? 0.5 : 100}
      max={minutes ? 180 : 200_000}
      step={minutes ? 0.5 : 100}
      value={minutes ? draft.minutes : draft.characters}
      onChange={(event) => {
        const value = event.target.valueAsNumber;
        if (Number.isFinite(value)) onChange(minutes ? { minutes: value } : { characters: value });
      }}
      className="figures h-10 w-28 rounded-lg border border-edge bg-surface px-3 text-base sm:text-sm"
    />
  );
}
