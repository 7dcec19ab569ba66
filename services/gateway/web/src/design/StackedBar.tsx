export interface Part {
  name: string;
  share: number;
  fill: string;
}

interface Props {
  label: string;
  /** How much of the whole is done, for those who cannot see the bar. */
  percent: number;
  parts: Part[];
  thin?: boolean;
}

/** A bar of several parts, of which each takes its share of the width. */
export function StackedBar({ label, percent, parts, thin }: Props) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
      className={`relative w-full overflow-hidden rounded-full bg-sunken ${thin ? "h-1.5" : "h-3"}`}
    >
      {placed(parts).map((part) => (
        // Moved and stretched, never laid out anew: a bar that grows shifts nothing.
        <span
          key={part.name}
          title={part.name}
          style={{ transform: `translateX(${part.start * 100}%) scaleX(${part.share})` }}
          className={`absolute inset-0 origin-left transition-transform duration-500 ${part.fill}`}
        />
      ))}
    </div>
  );
}

function placed(parts: Part[]): (Part & { start: number })[] {
  let start = 0;
  return parts
    .map((part) => {
      const place = { ...part, start };
      start += part.share;
      return place;
    })
    .filter((part) => part.share > 0);
}
