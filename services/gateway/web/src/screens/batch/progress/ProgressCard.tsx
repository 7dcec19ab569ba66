import { useQuery } from "@tanstack/react-query";
import { usageQuery } from "@/api/batches";
import type { Batch } from "@/api/types";
import { ProgressBar } from "@/live/ProgressBar";
import { isOver, percentEnded } from "@/live/stages";
import type { LiveView } from "@/live/view";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { Figure } from "./Figure";
import { Stages } from "./Stages";

interface Props {
  batch: Batch;
  view: LiveView;
  connected: boolean;
}

/** How far the batch is, how fast it goes, and what it has cost. Its size never changes. */
export function ProgressCard({ batch, view, connected }: Props) {
  const t = useText();
  const format = useFormat();
  const usage = useQuery(usageQuery(batch.batch_id));
  const over = isOver(view.state);
  const percent = percentEnded(view.counts, view.total);
  const done = view.counts.completed ?? 0;
  const none = "–";
  const took =
    over && batch.started_at && batch.completed_at
      ? (Date.parse(batch.completed_at) - Date.parse(batch.started_at)) / 1000
      : null;

  return (
    <section
      aria-label={t("batch.progress")}
      className="flex flex-col gap-5 rounded-xl border border-line bg-surface p-4 sm:p-5"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="figures text-2xl font-semibold">{format.percent(percent)}</p>
        <p className="figures text-sm text-muted">
          {t("batch.doneOf", { done, count: view.total })}
          {!over && <Line connected={connected} />}
        </p>
      </div>
      <ProgressBar label={t("batch.progress")} counts={view.counts} />
      <Stages view={view} />
      <dl className="grid grid-cols-2 gap-4 border-t border-line pt-4 sm:grid-cols-4">
        {over ? (
          <Figure name={t("batch.took")} value={took === null ? none : format.duration(took)} />
        ) : (
          <Figure
            name={t("batch.remaining")}
            value={view.remainingSeconds === null ? none : format.duration(view.remainingSeconds)}
          />
        )}
        <Figure
          name={t("batch.speed")}
          value={view.jobsPerMinute ? format.number(view.jobsPerMinute, 1) : none}
        />
        <Figure name={t("batch.audio")} value={format.duration(view.audioSeconds)} />
        <Figure
          name={t("batch.cost")}
          value={usage.data ? format.money(usage.data.cost_usd) : none}
        />
      </dl>
    </section>
  );
}

function Line({ connected }: { connected: boolean }) {
  const t = useText();
  return (
    <span className="ml-3 inline-flex items-center gap-1.5">
      <span
        aria-hidden
        className={`size-2 rounded-full ${connected ? "bg-done" : "animate-pulse bg-warn"}`}
      />
      {t(connected ? "batch.live" : "batch.connecting")}
    </span>
  );
}
