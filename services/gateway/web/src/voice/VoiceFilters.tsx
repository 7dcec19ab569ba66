import type { Voice } from "@/api/types";
import { Select, TextField } from "@/design/Field";
import { type TextKey, useText } from "@/words/text";
import { familiesOf, type VoiceFilter } from "./filter";

const GENDERS = ["female", "male", "neutral"] as const;

interface Props {
  voices: Voice[];
  value: VoiceFilter;
  onChange: (filter: VoiceFilter) => void;
}

export function VoiceFilters({ voices, value, onChange }: Props) {
  const t = useText();
  return (
    <search className="grid gap-3 sm:grid-cols-3">
      <TextField
        label={t("common.search")}
        type="search"
        value={value.text}
        onChange={(event) => onChange({ ...value, text: event.target.value })}
      />
      <Select
        label={t("voice.family")}
        value={value.family}
        onChange={(event) => onChange({ ...value, family: event.target.value })}
      >
        <option value="">{t("voice.any")}</option>
        {familiesOf(voices).map((family) => (
          <option key={family}>{family}</option>
        ))}
      </Select>
      <Select
        label={t("voice.gender")}
        value={value.gender}
        onChange={(event) => onChange({ ...value, gender: event.target.value })}
      >
        <option value="">{t("voice.any")}</option>
        {GENDERS.map((gender) => (
          <option key={gender} value={gender}>
            {t(`voice.${gender}` as TextKey)}
          </option>
        ))}
      </Select>
    </search>
  );
}
