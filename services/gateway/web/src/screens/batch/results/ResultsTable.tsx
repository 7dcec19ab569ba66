import { ArrowDown, ArrowUp } from "lucide-react";
import type { Job } from "@/api/types";
import { useText } from "@/words/text";
import { ResultRow } from "./ResultRow";

interface Props {
  jobs: Job[];
  sort: string | undefined;
  onSort: (sort: string) => void;
}

const COLUMNS = [
  { key: "title", text: "batch.sort_title", look: "" },
  { key: "language", text: "batch.sort_language", look: "hidden md:table-cell" },
  { key: "state", text: "batch.sort_state", look: "" },
  {
    key: "audio_seconds",
    text: "batch.sort_audio_seconds",
    look: "hidden text-right sm:table-cell",
  },
] as const;

export function ResultsTable({ jobs, sort, onSort }: Props) {
  const t = useText();
  return (
    <table className="w-full table-fixed text-sm">
      <caption className="sr-only">{t("batch.results")}</caption>
      <colgroup>
        <col />
        <col className="hidden w-52 md:table-column" />
        <col className="w-29 sm:w-32" />
        <col className="hidden w-24 sm:table-column" />
      </colgroup>
      <thead>
        <tr className="border-b border-line text-left">
          {COLUMNS.map(({ key, text, look }) => (
            <th key={key} scope="col" aria-sort={sorted(sort, key)} className={`p-0 ${look}`}>
              <button
                type="button"
                onClick={() => onSort(sort === key ? `-${key}` : key)}
                className="inline-flex min-h-9 items-center gap-1 px-2 font-medium text-muted hover:text-ink"
              >
                {t(text)}
                {sort === key && <ArrowUp aria-hidden className="size-3.5" />}
                {sort === `-${key}` && <ArrowDown aria-hidden className="size-3.5" />}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <ResultRow key={job.job_id} job={job} />
        ))}
      </tbody>
    </table>
  );
}

function sorted(sort: string | undefined, key: string) {
  if (sort === key) return "ascending" as const;
  return sort === `-${key}` ? ("descending" as const) : undefined;
}
