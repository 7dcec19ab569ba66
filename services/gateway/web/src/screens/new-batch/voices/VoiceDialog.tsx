import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { voicesQuery } from "@/api/catalogue";
import { favouritesQuery } from "@/api/favourites";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Failed, Loading } from "@/design/States";
import { ANY, chosenBy } from "@/voice/filter";
import { VoiceFilters } from "@/voice/VoiceFilters";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { VoiceOption } from "./VoiceOption";

interface Props {
  language: string;
  chosen: string[];
  onChoose: (ids: string[]) => void;
  onClose: () => void;
}

/** The voices of one language, to be heard and chosen: none, one, or several. */
export function VoiceDialog({ language, chosen, onChoose, onClose }: Props) {
  const t = useText();
  const format = useFormat();
  const [filter, setFilter] = useState(ANY);
  const voices = useQuery(voicesQuery(language));
  const favourites = useQuery(favouritesQuery);
  const liked = new Set(favourites.data?.map((voice) => voice.id));
  const found = chosenBy(voices.data ?? [], filter, liked);

  function toggle(id: string) {
    onChoose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  }

  return (
    <Dialog
      wide
      title={t("newBatch.voices.dialog", { language: format.language(language) })}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" disabled={chosen.length === 0} onClick={() => onChoose([])}>
            {t("newBatch.voices.useDefault")}
          </Button>
          <Button look="primary" onClick={onClose}>
            {t("newBatch.voices.done")}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-sm text-muted">{t("newBatch.voices.several")}</p>
      <VoiceFilters voices={voices.data ?? []} value={filter} onChange={setFilter} />
      <div className="mt-4 min-h-72">
        {voices.isPending && <Loading rows={5} />}
        {voices.isError && <Failed error={voices.error} onRetry={() => void voices.refetch()} />}
        {voices.isSuccess && found.length === 0 && (
          <p className="py-8 text-center text-sm text-muted">{t("voice.noMatch")}</p>
        )}
        <ul>
          {found.map((voice) => (
            <VoiceOption
              key={voice.id}
              voice={voice}
              checked={chosen.includes(voice.id)}
              onToggle={() => toggle(voice.id)}
            />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
