import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { reviewsQuery } from "@/api/review";
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

  const open = (queue.data?.items ?? []).filter(({ job }) => !settled.has(job.job_id));
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
            onSettled={() => setSettled(new Set([...settled, item.job.job_id]))}
          />
        ))}
      </ul>
    </Card>
  );
}
