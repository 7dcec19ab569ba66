import type { Letter } from "@/api/deadLetters";
import { Badge } from "@/design/Badge";
import { useFormat } from "@/words/format";
import { stageName } from "@/words/stage";
import { useText } from "@/words/text";

interface Props {
  letter: Letter;
  chosen: boolean;
  onChoose: (wanted: boolean) => void;
  onOpen: () => void;
}

export function LetterRow({ letter, chosen, onChoose, onOpen }: Props) {
  const t = useText();
  const format = useFormat();
  return (
    <li className="flex items-center border-t border-line pl-5 first:border-t-0">
      <input
        type="checkbox"
        checked={chosen}
        aria-label={t("deadLetters.choose", { name: letter.from_topic })}
        onChange={(event) => onChoose(event.target.checked)}
        className="size-5 shrink-0 accent-accent"
      />
      <button
        type="button"
        onClick={onOpen}
        className="min-w-0 flex-1 px-5 py-3 text-left text-sm -outline-offset-2 hover:bg-sunken"
      >
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {letter.from_topic} · {stageName(t, letter.service)}
          {letter.sent_again && <Badge tone="accent">{t("deadLetters.sentAgain")}</Badge>}
        </span>
        <span className="line-clamp-2 text-bad" lang="en">
          {letter.error}: {letter.reason}
        </span>
        <span className="block text-muted">
          {format.when(letter.dead_at)} · {t("deadLetters.attempts", { count: letter.attempts })}
        </span>
      </button>
    </li>
  );
}
