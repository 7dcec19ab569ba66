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
  const speed = took ? (done * 60) / Math.max(took, 1) : view.jobsPerMinute;

  return (
    <section
      aria-label={t("batch.progress")}
      className="flex flex-col gap-5 rounded-xl border border-line bg-surface p-4 sm:p-5"
    >
      <div className="flex items-baseline justify-between gap-x-4">
        <p className="flex flex-wrap items-baseline gap-x-4">
          <span className="figures min-w-21 text-2xl font-semibold">{format.percent(percent)}</span>
          <span className="figures text-sm text-muted">
            {t("batch.doneOf", { done, count: view.total })}
          </span>
        </p>
        <Line connected={connected} hidden={over} />
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
        <Figure name={t("batch.speed")} value={speed ? format.number(speed, 1) : none} />
        <Figure name={t("batch.audio")} value={format.duration(view.audioSeconds)} />
        <Figure
          name={t("batch.cost")}
          value={usage.data ? format.money(usage.data.cost_usd) : none}
        />
      </dl>
    </section>
  );
}

/** Whether news arrives. Where there will be none, its place stays empty: nothing moves. */
function Line({ connected, hidden }: { connected: boolean; hidden: boolean }) {
  const t = useText();
  return (
    <p
      className={`flex w-26 shrink-0 items-center gap-1.5 text-sm text-muted ${hidden ? "invisible" : ""}`}
    >
      <span
        aria-hidden
        className={`size-2 rounded-full ${connected ? "bg-done" : "animate-pulse bg-warn"}`}
      />
      {t(connected ? "batch.live" : "batch.connecting")}
    </p>
  );
}
