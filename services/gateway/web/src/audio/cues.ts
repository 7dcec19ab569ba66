export interface Cue {
  start: number;
  end: number;
  text: string;
}

const TIMES = /^([\d:.]+)\s+-->\s+([\d:.]+)/;

/** Returns the cues of a WebVTT file, in order. */
export function parseVtt(vtt: string): Cue[] {
  return vtt
    .replace(/\r\n?/g, "\n")
    .split(/\n\n+/)
    .flatMap((block) => {
      const lines = block.split("\n");
      const at = lines.findIndex((line) => TIMES.test(line));
      const times = TIMES.exec(lines[at] ?? "");
      if (!times) return [];
      const text = lines
        .slice(at + 1)
        .join(" ")
        .trim();
      return [{ start: seconds(times[1] ?? ""), end: seconds(times[2] ?? ""), text }];
    });
}

/** Returns which cue is heard at a moment: the last one that has begun; -1 before the first. */
export function cueAt(cues: Cue[], time: number): number {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cues[middle]?.start ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function seconds(clock: string): number {
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
