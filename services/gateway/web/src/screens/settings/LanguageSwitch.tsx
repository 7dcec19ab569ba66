import { Segmented } from "@/design/Segmented";
import { setUiLanguage, useUiLanguage } from "@/words/language";
import { useText } from "@/words/text";

// Each in its own words: somebody looks for theirs, not for ours.
const LANGUAGES = [
  { value: "pt-BR", label: "Português" },
  { value: "en", label: "English" },
] as const;

export function LanguageSwitch() {
  const t = useText();
  const language = useUiLanguage();
  return (
    <Segmented
      label={t("settings.language")}
      options={LANGUAGES}
      value={language}
      onChange={setUiLanguage}
    />
  );
}
