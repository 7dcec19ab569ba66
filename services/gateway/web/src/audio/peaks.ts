// Enough to draw with; decoding at the file's own rate would take ten times the memory.
const RATE = 8_000;

/** Returns how loud `bars` equal parts of a sound are, from 0 to 1. */
export async function peaksOf(sound: Blob, bars: number): Promise<number[]> {
  const context = new OfflineAudioContext(1, 1, RATE);
  const decoded = await context.decodeAudioData(await sound.arrayBuffer());
  return loudness(decoded.getChannelData(0), bars);
}

/** Returns the loudness of each part, the loudest being 1. */
export function loudness(samples: ArrayLike<number>, bars: number): number[] {
  const each = Math.max(1, Math.floor(samples.length / bars));
  const found = Array.from({ length: bars }, (_, bar) => {
    let sum = 0;
    const start = bar * each;
    const end = Math.min(start + each, samples.length);
    for (let at = start; at < end; at += 1) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt(sum / Math.max(1, end - start));
  });
  const most = Math.max(...found, 1e-6);
  return found.map((value) => value / most);
}
