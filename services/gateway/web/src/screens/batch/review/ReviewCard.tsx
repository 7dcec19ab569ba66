import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { reviewsQuery } from "@/api/review";
import type { Job } from "@/api/types";
import { Card } from "@/design/Card";
import { Failed, Loading } from "@/design/States";
import type { LiveView } from "@/live/view";
import { useText } from "@/words/text";
import { ReviewText } from "./ReviewText";

const SHOWN = 5;

/** The texts that wait to be read. It is there only while something waits. */
export function ReviewCard({ batchId, view }: { batchId: string; view: LiveView }) {
  const t = useText();
  const waiting = view.counts.awaiting_review ?? 0;
  const queue = useQuery({ ...reviewsQuery(batchId), enabled: waiting > 0 });
  const { refetch } = queue;
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (waiting > 0) void refetch();
  }, [waiting, refetch]);

  const open = (queue.data?.items ?? []).filter(({ job }) => !settled.has(going(job)));
  if (waiting === 0) return null;
  return (
    <Card title={t("review.heading")}>
      <p className="mb-4 text-sm text-muted">{t("review.lead", { count: waiting })}</p>
      {queue.isPending && <Loading rows={3} />}
      {queue.isError && <Failed error={queue.error} onRetry={() => void refetch()} />}
      <ul className="flex flex-col gap-4">
        {open.slice(0, SHOWN).map((item) => (
          <ReviewText
            key={item.job.job_id + item.etag}
            item={item}
            onSettled={() => setSettled(new Set([...settled, going(item.job)]))}
          />
        ))}
      </ul>
    </Card>
  );
}

/** A text that is written again is another one, and waits anew. */
function going(job: Job): string {
  return `${job.job_id} ${job.run}`;
}
