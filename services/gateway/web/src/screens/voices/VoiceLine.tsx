import type { Voice } from "@/api/types";
import { nameOf } from "@/voice/character";
import { FavouriteButton } from "@/voice/FavouriteButton";
import { PreviewButton } from "@/voice/PreviewButton";
import { type TextKey, useText } from "@/words/text";

export function VoiceLine({ voice }: { voice: Voice }) {
  const t = useText();
  return (
    <li className="flex min-h-14 items-center gap-1 border-t border-line">
      <div className="min-w-0 flex-1 text-sm">
        <p className="truncate font-medium">{nameOf(voice)}</p>
        <p className="truncate text-muted">
          {t(`voice.${voice.gender}` as TextKey)} · {voice.provider}
          {voice.launch_stage !== "GA" && ` · ${t("voice.preview")}`}
        </p>
      </div>
      <PreviewButton voice={voice.id} />
      <FavouriteButton voice={voice} />
    </li>
  );
}
