import type { Bucket } from "@/api/analytics";
import { useUiLanguage } from "@/words/language";
import { useText } from "@/words/text";

/** Audios a day as bars; for the ear, a list of the days in which something was made. */
export function DayBars({ buckets }: { buckets: Bucket[] }) {
  const t = useText();
  const ui = useUiLanguage();
  const most = Math.max(0, ...buckets.map((bucket) => bucket.jobs));
  if (most === 0) {
    return <p className="py-8 text-center text-sm text-muted">{t("analytics.nothing")}</p>;
  }
  const date = new Intl.DateTimeFormat(ui, { day: "numeric", month: "short", timeZone: "UTC" });
  const named = buckets.map((bucket) => ({ ...bucket, day: date.format(new Date(bucket.at)) }));
  return (
    <>
      <div aria-hidden="true" className="flex h-40 items-end gap-1 border-b border-line">
        {named.map(({ at, day, jobs, failed }) => (
          <span
            key={at}
            title={t("analytics.day", { day, count: jobs })}
            className="relative h-full min-w-0 flex-1"
          >
            <span
              className="absolute inset-0 origin-bottom rounded-sm bg-step-3"
              style={{ transform: `scaleY(${jobs / most})` }}
            />
            <span
              className="absolute inset-0 origin-bottom bg-bad"
              style={{ transform: `scaleY(${failed / most})` }}
            />
          </span>
        ))}
      </div>
      <p aria-hidden="true" className="mt-1 flex justify-between text-sm text-muted">
        <span>{named[0]?.day}</span>
        <span>{named.at(-1)?.day}</span>
      </p>
      <ul className="sr-only">
        {named
          .filter((bucket) => bucket.jobs > 0)
          .map(({ at, day, jobs }) => (
            <li key={at}>{t("analytics.day", { day, count: jobs })}</li>
          ))}
      </ul>
    </>
  );
}
