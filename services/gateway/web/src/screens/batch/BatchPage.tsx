import { useSearch } from "@tanstack/react-router";
import type { Batch } from "@/api/types";
import { Notice } from "@/design/Notice";
import { Page } from "@/design/Page";
import { StateBadge } from "@/design/StateBadge";
import { useLive } from "@/live/useLive";
import { useFormat } from "@/words/format";
import { type TextKey, useText } from "@/words/text";
import { Actions } from "./actions/Actions";
import { FailuresCard } from "./failures/FailuresCard";
import { JobDialog } from "./job/JobDialog";
import { LanguagesCard } from "./progress/LanguagesCard";
import { ProgressCard } from "./progress/ProgressCard";
import { Results } from "./results/Results";
import { ReviewCard } from "./review/ReviewCard";
import { useFollowing } from "./useFollowing";

export function BatchPage({ batch }: { batch: Batch }) {
  const t = useText();
  const format = useFormat();
  const { job } = useSearch({ from: "/shell/batches/$batchId" });
  const { view, connected } = useLive(batch);
  useFollowing(batch, view);
  const name = batch.name || t("history.unnamed");

  return (
    <Page
      title={name}
      lead={
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {batch.mode && <span>{t(`mode.${batch.mode}` as TextKey)}</span>}
          <span>{format.when(batch.created_at)}</span>
          <StateBadge state={view.state} />
        </p>
      }
      actions={<Actions batch={batch} view={view} />}
    >
      {view.state === "paused" && batch.paused_because === "budget" && (
        <Notice tone="warn">{t("batch.pausedForBudget")}</Notice>
      )}
      <ProgressCard batch={batch} view={view} connected={connected} />
      <ReviewCard batchId={batch.batch_id} view={view} />
      <FailuresCard batchId={batch.batch_id} view={view} />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Results batchId={batch.batch_id} view={view} />
        <LanguagesCard batchId={batch.batch_id} view={view} />
      </div>
      {job && <JobDialog key={job} jobId={job} batchId={batch.batch_id} />}
    </Page>
  );
}
