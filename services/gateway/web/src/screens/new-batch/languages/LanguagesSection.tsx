import { Search } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { useLanguages } from "@/api/catalogue";
import { Card } from "@/design/Card";
import { Failed, Loading } from "@/design/States";
import { useUiLanguage } from "@/words/language";
import { useText } from "@/words/text";
import type { Draft } from "../draft/draft";
import { Chips } from "./Chips";
import { LanguageList } from "./LanguageList";
import { RegionButtons } from "./RegionButtons";
import { choicesOf, matching } from "./search";

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

export function LanguagesSection({ draft, onChange }: Props) {
  const t = useText();
  const ui = useUiLanguage();
  const id = useId();
  const [text, setText] = useState("");
  const languages = useLanguages();
  const choices = useMemo(() => choicesOf(languages.data ?? [], ui), [languages.data, ui]);
  const found = useMemo(() => matching(choices, text), [choices, text]);
  const single = draft.mode === "expand_titles";
  const chosen = draft.languages;

  function toggle(code: string) {
    if (chosen.includes(code)) onChange({ languages: chosen.filter((each) => each !== code) });
    else onChange({ languages: single ? [code] : [...chosen, code] });
  }

  return (
    <Card
      title={t(single ? "newBatch.languages.headingOne" : "newBatch.languages.heading")}
      actions={
        <span className="text-sm text-muted">{t("unit.languages", { count: chosen.length })}</span>
      }
    >
      <Chips
        chosen={chosen}
        choices={choices}
        onRemove={toggle}
        onClear={() => onChange({ languages: [] })}
      />
      <div className="relative">
        <Search aria-hidden className="absolute top-3 left-3 size-4 text-muted" />
        <label htmlFor={id} className="sr-only">
          {t("newBatch.languages.search")}
        </label>
        <input
          id={id}
          type="search"
          value={text}
          autoComplete="off"
          placeholder={t("newBatch.languages.search")}
          onChange={(event) => setText(event.target.value)}
          className="h-10 w-full rounded-lg border border-edge bg-surface pr-3 pl-9 text-base placeholder:text-muted sm:text-sm"
        />
      </div>
      {!single && (
        <RegionButtons
          choices={choices}
          chosen={chosen}
          onChange={(next) => onChange({ languages: next })}
        />
      )}
      {languages.isPending && <Loading rows={4} />}
      {languages.isError && (
        <Failed error={languages.error} onRetry={() => void languages.refetch()} />
      )}
      {languages.isSuccess && (
        <LanguageList found={found} chosen={chosen} searching={text !== ""} onToggle={toggle} />
      )}
    </Card>
  );
}
