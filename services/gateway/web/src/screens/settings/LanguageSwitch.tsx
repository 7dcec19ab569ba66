import { Segmented } from "@/design/Segmented";
import { setUiLanguage, type UiLanguage, useUiLanguage } from "@/words/language";
import { useText } from "@/words/text";

// Each in its own words: somebody looks for theirs, not for ours.
const LANGUAGES = [
  { value: "pt-BR", label: "Português" },
  { value: "en", label: "English" },
] as const;

interface Props {
  /** Where there is an account to keep it with. */
  onChosen?: (language: UiLanguage) => void;
}

export function LanguageSwitch({ onChosen }: Props) {
  const t = useText();
  const language = useUiLanguage();
  return (
    <Segmented
      label={t("settings.language")}
      options={LANGUAGES}
      value={language}
      onChange={(chosen) => {
        setUiLanguage(chosen);
        onChosen?.(chosen);
      }}
    />
  );
}
