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
      className={`flex w-full overflow-hidden rounded-full bg-sunken ${thin ? "h-1.5" : "h-3"}`}
    >
      {parts
        .filter((part) => part.share > 0)
        .map((part) => (
          <span
            key={part.name}
            title={part.name}
            style={{ width: `${part.share * 100}%` }}
            className={`h-full transition-[width] duration-500 ${part.fill}`}
          />
        ))}
    </div>
  );
}
