import type { Voice } from "@/api/types";
import { nameOf } from "@/voice/character";
import { FavouriteButton } from "@/voice/FavouriteButton";
import { PreviewButton } from "@/voice/PreviewButton";
import { type TextKey, useText } from "@/words/text";

interface Props {
  voice: Voice;
  checked: boolean;
  onToggle: () => void;
}

export function VoiceOption({ voice, checked, onToggle }: Props) {
  const t = useText();
  return (
    <li className="flex items-center gap-1 border-t border-line first:border-t-0">
      <label className="flex min-h-13 min-w-0 flex-1 items-center gap-3 py-1.5">
        <input
          type="checkbox"
          checked={checked}
          onChange={onToggle}
          className="size-4.5 shrink-0 accent-accent"
        />
        <span className="min-w-0 text-sm">
          <span className="block font-medium">{nameOf(voice)}</span>
          <span className="block text-muted">
            {t(`voice.${voice.gender}` as TextKey)} · {voice.provider}
            {voice.launch_stage !== "GA" && ` · ${t("voice.preview")}`}
          </span>
        </span>
      </label>
      <PreviewButton voice={voice.id} />
      <FavouriteButton voice={voice} />
    </li>
  );
}
