import type { Summary } from "@/api/analytics";
import { type Format, useFormat } from "@/words/format";
import { useText } from "@/words/text";

const NONE = "–";

/** The few numbers that matter, each with what it was in the period before. */
export function SummaryFigures({ summary }: { summary: Summary }) {
  const t = useText();
  const format = useFormat();
  const now = shown(summary, format);
  const before = shown(summary.previous, format);
  const names = ["jobs", "audio", "cost", "success", "cached", "hour"] as const;
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3">
      {names.map((name) => (
        <div key={name} className="rounded-xl border border-line bg-surface p-4">
          <dt className="text-sm text-muted">{t(`analytics.${name}`)}</dt>
          <dd className="figures mt-1 text-lg font-semibold sm:text-xl">{now[name]}</dd>
          {summary.previous.jobs > 0 && (
            <dd className="figures mt-1 text-sm text-muted">
              {t("analytics.before", { value: before[name] })}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function shown(figures: Summary["previous"], format: Format) {
  const rate = (value: number | null) => (value === null ? NONE : format.percent(value * 100));
  const hour = figures.cost_per_audio_hour_usd;
  return {
    jobs: format.number(figures.jobs),
    audio: format.duration(figures.audio_seconds),
    cost: format.money(figures.cost_usd),
    success: rate(figures.success_rate),
    cached: rate(figures.cached_rate),
    hour: hour === null ? NONE : format.money(hour),
  };
}
