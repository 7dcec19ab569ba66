import type { Estimate } from "@/api/types";
import { Notice } from "@/design/Notice";
import { useFormat } from "@/words/format";
import { type TextKey, type Translate, useText } from "@/words/text";

const MOST_SHOWN = 4;

type Finding = Estimate["findings"][number];

const KNOWN: Record<string, TextKey> = {
  budget: "newBatch.estimate.overBudget",
  daily_quota: "newBatch.estimate.overDay",
  long_title: "newBatch.estimate.longTitle",
  similar_title: "newBatch.estimate.similarTitle",
};

/** In the user's language, with the line it is about; a kind that is new in the server's words. */
function said(t: Translate, { code, pointer, detail }: Finding): string {
  const known = KNOWN[code];
  return known ? t(known, { line: Number(pointer.match(/\d+/)?.[0] ?? 0) + 1 }) : detail;
}

/** Time, money and length, and what will not fit. */
export function EstimateView({ estimate }: { estimate: Estimate | undefined }) {
  const t = useText();
  const format = useFormat();
  const figures = [
    { name: t("newBatch.estimate.ready"), value: estimate && format.duration(estimate.seconds) },
    { name: t("newBatch.estimate.cost"), value: estimate && format.money(estimate.cost_usd) },
    {
      name: t("newBatch.estimate.audio"),
      value: estimate && format.duration(estimate.audio_seconds),
    },
    {
      name: t("newBatch.estimate.cached"),
      value: estimate?.jobs_cached ? format.number(estimate.jobs_cached) : undefined,
      hidden: !estimate?.jobs_cached,
    },
  ];
  const findings = estimate?.findings ?? [];
  return (
    <>
      <dl className="figures flex flex-col gap-2 border-t border-line pt-4 text-sm">
        {figures
          .filter((figure) => !figure.hidden)
          .map(({ name, value }) => (
            <div key={name} className="flex justify-between gap-4">
              <dt className="text-muted">{name}</dt>
              <dd className="text-right font-medium whitespace-nowrap">{value ?? "–"}</dd>
            </div>
          ))}
      </dl>
      {findings.length > 0 && (
        <Notice
          tone="warn"
          title={t(estimate?.fits ? "newBatch.estimate.warnings" : "newBatch.estimate.noFit")}
        >
          <ul className="flex flex-col gap-1">
            {findings.slice(0, MOST_SHOWN).map((finding) => (
              <li key={finding.code + finding.pointer}>{said(t, finding)}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
