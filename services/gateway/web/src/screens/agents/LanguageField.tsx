import { useMemo } from "react";
import { useLanguages } from "@/api/catalogue";
import { Select } from "@/design/Field";
import { useUiLanguage } from "@/words/language";
import { useText } from "@/words/text";
import { choicesOf } from "../new-batch/languages/search";

interface Props {
  label: string;
  value: string;
  without?: readonly string[];
  onChange: (code: string) => void;
}

/** One language of the catalogue; with an empty value, an invitation to choose. */
export function LanguageField({ label, value, without = [], onChange }: Props) {
  const t = useText();
  const ui = useUiLanguage();
  const languages = useLanguages();
  const choices = useMemo(() => choicesOf(languages.data ?? [], ui), [languages.data, ui]);
  return (
    <Select label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {value === "" && <option value="">{t("agents.chooseLanguage")}</option>}
      {value !== "" && choices.length === 0 && <option value={value}>{value}</option>}
      {choices
        .filter((choice) => !without.includes(choice.code))
        .map((choice) => (
          <option key={choice.code} value={choice.code}>
            {choice.name}
          </option>
        ))}
    </Select>
  );
}
