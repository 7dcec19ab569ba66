import { useQuery } from "@tanstack/react-query";
import { logQuery } from "@/api/jobs";
import { Failed, Loading } from "@/design/States";
import { useUiLanguage } from "@/words/language";
import { stageName } from "@/words/stage";
import { useText } from "@/words/text";

export function JobLog({ jobId, running }: { jobId: string; running: boolean }) {
  const t = useText();
  const ui = useUiLanguage();
  const log = useQuery({ ...logQuery(jobId), ...(running ? {} : { refetchInterval: false }) });
  if (log.isPending) return <Loading rows={4} />;
  if (log.isError) return <Failed error={log.error} onRetry={() => void log.refetch()} />;
  if (log.data.length === 0) {
    return <p className="py-6 text-center text-sm text-muted">{t("job.noLog")}</p>;
  }
  const time = new Intl.DateTimeFormat(ui, { timeStyle: "medium" });
  return (
    <ol
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
      tabIndex={0}
      aria-label={t("job.log")}
      className="max-h-80 overflow-y-auto rounded-lg border border-line p-3 text-sm"
    >
      {log.data.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added
        <li key={at} className="flex flex-wrap gap-x-3 py-0.5">
          <span className="figures text-muted">{time.format(new Date(line.at))}</span>
          <span className="font-medium">{stageName(t, line.stage)}</span>
          <span className="min-w-0 break-words" lang="en">
            {line.message}
          </span>
        </li>
      ))}
    </ol>
  );
}
