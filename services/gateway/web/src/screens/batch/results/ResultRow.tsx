import { Link } from "@tanstack/react-router";
import type { Job } from "@/api/types";
import { StateBadge } from "@/design/StateBadge";
import { nameOfId } from "@/voice/character";
import { clock, useFormat } from "@/words/format";
import { useText } from "@/words/text";

export function ResultRow({ job }: { job: Job }) {
  const t = useText();
  const format = useFormat();
  const language = format.language(job.language);
  const telling = [
    job.variation > 1 || job.aspect ? t("batch.variation", { number: job.variation }) : "",
    job.aspect,
  ].filter(Boolean);
  return (
    <tr className="relative border-b border-line last:border-b-0 hover:bg-sunken">
      <td className="px-2 py-2.5">
        <Link
          from="/batches/$batchId"
          to="/batches/$batchId"
          search={(search) => ({ ...search, job: job.job_id })}
          resetScroll={false}
          className="line-clamp-2 font-medium break-words after:absolute after:inset-0"
        >
          {job.title}
        </Link>
        <span className="block truncate text-muted md:hidden">{language}</span>
        {telling.length > 0 && (
          <span className="block truncate text-muted" title={telling.join(": ")}>
            {telling.join(": ")}
          </span>
        )}
        {job.error && <span className="line-clamp-2 text-bad">{job.error.message}</span>}
      </td>
      <td className="hidden px-2 py-2.5 md:table-cell">
        <span className="block">{language}</span>
        <span className="block truncate text-muted">
          {job.voice && nameOfId(job.voice, job.language)}
        </span>
      </td>
      <td className="px-2 py-2.5">
        <StateBadge state={job.state} />
      </td>
      <td className="figures hidden px-2 py-2.5 text-right text-muted sm:table-cell">
        {job.audio_seconds === null ? "–" : clock(job.audio_seconds)}
      </td>
    </tr>
  );
}
