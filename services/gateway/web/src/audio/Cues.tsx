import { useEffect, useRef } from "react";
import { clock } from "@/words/format";
import { useText } from "@/words/text";
import { type Cue, cueAt } from "./cues";
import type { Player } from "./usePlayer";

interface Props {
  cues: Cue[];
  player: Player;
  language: string;
}

/** The subtitles, line by line: the one that is heard is marked; any may be chosen. */
export function Cues({ cues, player, language }: Props) {
  const t = useText();
  const list = useRef<HTMLOListElement>(null);
  const current = cueAt(cues, player.time);

  useEffect(() => {
    const line = list.current?.children[current];
    if (!player.playing || !list.current || !(line instanceof HTMLElement)) return;
    // Within the list only: the dialog around it must not move.
    list.current.scrollTop = line.offsetTop - list.current.clientHeight / 2;
  }, [current, player.playing]);

  return (
    <ol
      ref={list}
      aria-label={t("player.subtitles")}
      lang={language}
      dir="auto"
      className="relative max-h-72 overflow-y-auto rounded-lg border border-line p-1"
    >
      {cues.map((cue, at) => (
        <li key={cue.start}>
          <button
            type="button"
            aria-current={at === current ? "true" : undefined}
            onClick={() => player.seek(cue.start + 0.01)}
            className="flex w-full gap-4 rounded-md px-3 py-1.5 text-start text-sm leading-relaxed -outline-offset-2 hover:bg-sunken aria-[current=true]:bg-accent-soft"
          >
            <span className="figures w-10 shrink-0 text-muted">{clock(cue.start)}</span>
            <span className="min-w-0">{cue.text}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
