import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { peaksOf } from "./peaks";

const BARS = 120;

interface Props {
  sound: Blob;
  version: string;
  /** From 0 to 1. */
  played: number;
}

/** The shape of the sound; what was heard is in the accent. For the eye only. */
export function Waveform({ sound, version, played }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const peaks = useQuery({
    queryKey: ["peaks", version],
    queryFn: () => peaksOf(sound, BARS),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const paint = () => draw(target, peaks.data ?? [], played);
    paint();
    const watching = new ResizeObserver(paint);
    watching.observe(target);
    return () => watching.disconnect();
  }, [peaks.data, played]);

  return (
    <div aria-hidden="true" data-drawn={peaks.isSuccess || undefined}>
      <canvas ref={canvas} className="h-16 w-full" />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, peaks: number[], played: number): void {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  const look = getComputedStyle(canvas);
  const heard = look.getPropertyValue("--accent");
  const ahead = look.getPropertyValue("--edge");
  const step = width / BARS;
  for (let bar = 0; bar < BARS; bar += 1) {
    const tall = Math.max(2, (peaks[bar] ?? 0) * height);
    context.fillStyle = (bar + 0.5) / BARS <= played ? heard : ahead;
    context.globalAlpha = (bar + 0.5) / BARS <= played ? 1 : 0.55;
    context.fillRect(bar * step, (height - tall) / 2, Math.max(1, step - 2), tall);
  }
}
