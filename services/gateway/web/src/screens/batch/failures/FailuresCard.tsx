import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { breakdownQuery } from "@/api/breakdown";
import { buttonLook } from "@/design/Button";
import { Card } from "@/design/Card";
import type { LiveView } from "@/live/view";
import { stageName } from "@/words/stage";
import { useText } from "@/words/text";
import { adviceFor } from "./advice";
import { RetryFailed } from "./RetryFailed";

/** Failures by cause, each with what helps. It is there only where something failed. */
export function FailuresCard({ batchId, view }: { batchId: string; view: LiveView }) {
  const t = useText();
  const breakdown = useQuery(breakdownQuery(batchId));
  const failures = breakdown.data?.failures ?? [];
  if (!view.counts.failed || failures.length === 0) return null;
  return (
    <Card
      title={t("failures.heading")}
      actions={view.state !== "cancelled" && <RetryFailed batchId={batchId} />}
    >
      <ul className="flex flex-col gap-4">
        {failures.map((failure) => {
          const advice = adviceFor(failure.code);
          return (
            <li
              key={failure.stage + failure.code}
              className="flex flex-wrap items-start gap-3 border-t border-line pt-4 first:border-t-0 first:pt-0"
            >
              <div className="min-w-56 flex-1 text-sm">
                <p className="font-medium">
                  {t("failures.jobs", {
                    count: failure.jobs,
                    stage: stageName(t, failure.stage),
                  })}
                </p>
                <p>{t(advice.text)}</p>
                {failure.code !== "rejected" && (
                  <p className="mt-1 break-words text-muted" lang="en">
                    {failure.example}
                  </p>
                )}
              </div>
              {advice.place && (
                <Link to={advice.place} className={buttonLook()}>
                  {t("failures.keys")}
                </Link>
              )}
              <Link
                from="/batches/$batchId"
                to="/batches/$batchId"
                search={{ state: "failed" }}
                resetScroll={false}
                className={buttonLook()}
              >
                {t("failures.show")}
              </Link>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
