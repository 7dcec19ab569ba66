import { Pause, Play } from "lucide-react";
import { clock, useFormat } from "@/words/format";
import { useText } from "@/words/text";
import type { Player } from "./usePlayer";
import { Waveform } from "./Waveform";

const RATES = [0.75, 1, 1.25, 1.5, 2];

interface Props {
  player: Player;
  sound: Blob;
  version: string;
}

/** Play, pause, go to a place. The slider lies over the waveform: arrows move by seconds. */
export function Transport({ player, sound, version }: Props) {
  const t = useText();
  const format = useFormat();
  const { playing, time, length } = player;
  const label = t(playing ? "player.pause" : "player.play");
  return (
    <div className="flex items-center gap-4 rounded-xl bg-sunken p-3">
      <button
        type="button"
        aria-label={label}
        title={label}
        data-ended={player.ended || undefined}
        onClick={player.toggle}
        className="flex size-12 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent hover:opacity-90"
      >
        {playing ? (
          <Pause aria-hidden className="size-5 fill-current" />
        ) : (
          <Play aria-hidden className="ml-0.5 size-5 fill-current" />
        )}
      </button>
      <div className="min-w-0 flex-1">
        <div className="relative rounded has-focus-visible:outline-2 has-focus-visible:outline-accent">
          <Waveform sound={sound} version={version} played={length ? time / length : 0} />
          <input
            type="range"
            min={0}
            max={Math.max(1, Math.ceil(length))}
            step={1}
            value={Math.floor(time)}
            aria-label={t("player.position")}
            aria-valuetext={t("player.at", { at: clock(time), of: clock(length) })}
            onChange={(event) => player.seek(event.target.valueAsNumber)}
            className="absolute inset-0 h-full w-full cursor-pointer opacity-0"
          />
        </div>
        <div className="figures flex items-center justify-between text-sm text-muted">
          <span>
            {clock(time)} / {clock(length)}
          </span>
          <label className="flex items-center gap-1.5">
            <span className="sr-only">{t("player.rate")}</span>
            <select
              value={player.rate}
              onChange={(event) => player.setRate(Number(event.target.value))}
              className="min-h-8 rounded border border-transparent bg-transparent hover:border-edge"
            >
              {RATES.map((rate) => (
                <option key={rate} value={rate}>
                  {format.number(rate, 2)}×
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
    </div>
  );
}
