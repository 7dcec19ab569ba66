import { Button } from "@/design/Button";
import { nameOfId } from "@/voice/character";
import { PreviewButton } from "@/voice/PreviewButton";
import { useText } from "@/words/text";

interface Props {
  language: string;
  name: string;
  chosen: string[];
  onOpen: () => void;
}

export function VoiceRow({ language, name, chosen, onOpen }: Props) {
  const t = useText();
  const [first] = chosen;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-2 first:border-t-0">
      <div className="min-w-40 flex-1">
        <p className="text-sm font-medium">{name}</p>
        <p className="text-sm text-muted">
          {chosen.length
            ? chosen.map((id) => nameOfId(id, language)).join(", ")
            : t("newBatch.voices.default")}
        </p>
      </div>
      {first && chosen.length === 1 && <PreviewButton voice={first} />}
      <Button onClick={onOpen} aria-label={t("newBatch.voices.chooseFor", { language: name })}>
        {t("newBatch.voices.choose")}
      </Button>
    </li>
  );
}
