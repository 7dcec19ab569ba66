import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLanguages, voicesQuery } from "@/api/catalogue";
import { favouritesQuery } from "@/api/favourites";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { Select } from "@/design/Field";
import { Page } from "@/design/Page";
import { Failed, Loading } from "@/design/States";
import { ANY, chosenBy } from "@/voice/filter";
import { VoiceFilters } from "@/voice/VoiceFilters";
import { useUiLanguage } from "@/words/language";
import { useText } from "@/words/text";
import { choicesOf } from "../new-batch/languages/search";
import { VoiceLine } from "./VoiceLine";

const PAGE = 40;

export function Voices() {
  const t = useText();
  const ui = useUiLanguage();
  const [language, setLanguage] = useState<string>(ui === "pt-BR" ? "pt-BR" : "en-US");
  const [filter, setFilter] = useState(ANY);
  const [shown, setShown] = useState(PAGE);
  const languages = useLanguages();
  const choices = useMemo(() => choicesOf(languages.data ?? [], ui), [languages.data, ui]);
  const voices = useQuery(voicesQuery(language));
  const favourites = useQuery(favouritesQuery);
  const liked = new Set(favourites.data?.map((voice) => voice.id));
  const found = chosenBy(voices.data ?? [], filter, liked);

  return (
    <Page title={t("voices.title")} lead={t("voices.lead")}>
      <Card>
        <div className="grid gap-3 lg:grid-cols-[16rem_minmax(0,1fr)]">
          <Select
            label={t("voices.language")}
            value={language}
            onChange={(event) => {
              setLanguage(event.target.value);
              setFilter(ANY);
              setShown(PAGE);
            }}
          >
            {choices.map((choice) => (
              <option key={choice.code} value={choice.code}>
                {choice.name} ({choice.voices})
              </option>
            ))}
          </Select>
          <VoiceFilters voices={voices.data ?? []} value={filter} onChange={setFilter} />
        </div>
        <div className="mt-4 min-h-96">
          {voices.isPending && <Loading rows={8} />}
          {voices.isError && <Failed error={voices.error} onRetry={() => void voices.refetch()} />}
          {voices.isSuccess && found.length === 0 && (
            <p className="py-8 text-center text-sm text-muted">{t("voice.noMatch")}</p>
          )}
          <ul className="grid gap-x-6 md:grid-cols-2">
            {found.slice(0, shown).map((voice) => (
              <VoiceLine key={voice.id} voice={voice} />
            ))}
          </ul>
          {found.length > shown && (
            <Button className="mt-4" onClick={() => setShown(shown + PAGE)}>
              {t("common.more")}
            </Button>
          )}
        </div>
      </Card>
    </Page>
  );
}
