import { type TextKey, useText } from "@/words/text";
import { Badge, type Tone } from "./Badge";

const TONES: Record<string, Tone> = {
  running: "accent",
  scripting: "accent",
  adapting: "accent",
  narrating: "accent",
  paused: "warn",
  awaiting_review: "warn",
  retrying: "warn",
  completed: "good",
  completed_with_errors: "warn",
  failed: "bad",
};

/** Where a batch or a job stands, in a word and a colour. */
export function StateBadge({ state }: { state: string }) {
  const t = useText();
  return <Badge tone={TONES[state] ?? "plain"}>{t(`state.${state}` as TextKey)}</Badge>;
}
