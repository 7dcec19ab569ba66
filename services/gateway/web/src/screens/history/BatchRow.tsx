import { Link } from "@tanstack/react-router";
import type { Batch } from "@/api/types";
import { StateBadge } from "@/design/StateBadge";
import { ProgressBar } from "@/live/ProgressBar";
import { countsOf } from "@/live/stages";
import { useFormat } from "@/words/format";
import { type TextKey, useText } from "@/words/text";

export function BatchRow({ batch }: { batch: Batch }) {
  const t = useText();
  const format = useFormat();
  const name = batch.name || t("history.unnamed");
  return (
    <li className="border-t border-line first:border-t-0">
      <Link
        to="/batches/$batchId"
        params={{ batchId: batch.batch_id }}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-2 px-4 py-3.5 -outline-offset-2 hover:bg-sunken sm:px-5 md:grid-cols-[minmax(0,1fr)_12rem_9rem]"
      >
        <div className="min-w-0">
          <p className={`line-clamp-2 font-medium break-words ${batch.name ? "" : "text-muted"}`}>
            {name}
          </p>
          <p className="text-sm text-muted">
            {t("unit.jobs", { count: batch.counts.total })}
            {batch.mode && (
              <span className="hidden sm:inline">{` · ${t(`mode.${batch.mode}` as TextKey)}`}</span>
            )}
            {` · ${format.when(batch.created_at)}`}
          </p>
        </div>
        <div className="col-span-2 flex items-center gap-3 md:col-span-1">
          <ProgressBar thin label={name} counts={countsOf(batch.counts)} />
          <span className="figures w-11 shrink-0 text-right text-sm text-muted">
            {format.percent(batch.percent)}
          </span>
        </div>
        <div className="col-start-2 row-start-1 justify-self-end md:col-start-3">
          <StateBadge state={batch.state} />
        </div>
      </Link>
    </li>
  );
}
