import { CircleAlert, Play, Square } from "lucide-react";
import { IconButton, Spinner } from "@/design/Button";
import { useText } from "@/words/text";
import { usePreview } from "./usePreview";

export function PreviewButton({ voice }: { voice: string }) {
  const t = useText();
  const { phase, toggle } = usePreview(voice);
  if (phase === "loading") {
    return (
      <button
        type="button"
        onClick={toggle}
        aria-label={t("voice.loading", { voice })}
        className="inline-flex size-10 items-center justify-center text-accent"
      >
        <Spinner />
      </button>
    );
  }
  const failed = phase === "failed";
  const playing = phase === "playing";
  const label = failed ? "voice.failed" : playing ? "voice.stop" : "voice.play";
  return (
    <IconButton
      icon={failed ? CircleAlert : playing ? Square : Play}
      label={t(label, { voice })}
      onClick={toggle}
      className={failed ? "text-bad" : ""}
    />
  );
}
