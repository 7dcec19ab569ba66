import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { jobQuery } from "@/api/jobs";
import type { Job } from "@/api/types";
import { Dialog } from "@/design/Dialog";
import { Notice } from "@/design/Notice";
import { Segmented } from "@/design/Segmented";
import { StateBadge } from "@/design/StateBadge";
import { Failed, Loading } from "@/design/States";
import { isOver } from "@/live/stages";
import { nameOfId } from "@/voice/character";
import { useFormat } from "@/words/format";
import { stageName } from "@/words/stage";
import { useText } from "@/words/text";
import { Files } from "./Files";
import { JobLog } from "./JobLog";
import { Listen } from "./Listen";
import { RetryButton } from "./RetryButton";
import { Script } from "./Script";
import { useRenarration } from "./useRenarration";

/** One audio: heard, read, and what was said about it while it was made. */
export function JobDialog({ batchId, jobId }: { batchId: string; jobId: string }) {
  const t = useText();
  const navigate = useNavigate({ from: "/batches/$batchId" });
  const job = useQuery(jobQuery(batchId, jobId));
  return (
    <Dialog
      wide
      title={job.data?.title ?? t("batch.audio")}
      onClose={() =>
        void navigate({ search: ({ job: _, ...rest }) => rest, resetScroll: false, replace: true })
      }
    >
      {job.isPending && <Loading rows={4} />}
      {job.isError && <Failed error={job.error} onRetry={() => void job.refetch()} />}
      {job.data && <JobContent job={job.data} />}
    </Dialog>
  );
}

type View = "listen" | "script" | "log";

function JobContent({ job }: { job: Job }) {
  const t = useText();
  const format = useFormat();
  const [view, setView] = useState<View>(job.links.audio ? "listen" : "log");
  const { waiting, begin } = useRenarration(job);
  const views: { value: View; label: string }[] = [
    ...(job.links.audio ? [{ value: "listen" as const, label: t("job.listen") }] : []),
    ...(job.links.script ? [{ value: "script" as const, label: t("job.script") }] : []),
    { value: "log", label: t("job.log") },
  ];
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        <StateBadge state={job.state} />
        <span>{format.language(job.language)}</span>
        {job.voice && <span>{nameOfId(job.voice, job.language)}</span>}
        {job.aspect && <span>{job.aspect}</span>}
      </div>
      {waiting && <Notice title={t("job.renarrating")} />}
      {job.error && (
        <Notice
          tone="bad"
          title={t("job.failedAt", { stage: stageName(t, job.error.stage) })}
          action={<RetryButton job={job} onRetry={begin} />}
        >
          {job.error.message}
        </Notice>
      )}
      <Segmented label={t("job.views")} options={views} value={view} onChange={setView} />
      {view === "listen" && job.links.audio && <Listen job={job} />}
      {view === "script" && <Script job={job} onRenarrate={begin} />}
      {view === "log" && <JobLog jobId={job.job_id} running={waiting || !isOver(job.state)} />}
      {job.links.audio && <Files job={job} />}
    </div>
  );
}
