import { Download } from "lucide-react";
import { downloadFile } from "@/api/download";
import type { Job } from "@/api/types";
import { Button } from "@/design/Button";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { useText } from "@/words/text";

const KINDS = ["audio", "srt", "vtt", "script"] as const;

/** What can be taken home of one job. */
export function Files({ job }: { job: Job }) {
  const t = useText();
  const problem = useProblemText();
  const there = KINDS.flatMap((kind) => {
    const path = job.links[kind];
    return path ? [{ kind, path }] : [];
  });
  return (
    <div className="flex flex-wrap gap-2 border-t border-line pt-4">
      {there.map(({ kind, path }) => (
        <Button
          key={kind}
          icon={Download}
          onClick={() =>
            downloadFile(path, `${job.title}.${kind}`).catch((error: unknown) =>
              say(problem(error).title, "bad"),
            )
          }
        >
          {t(`job.file_${kind}`)}
        </Button>
      ))}
    </div>
  );
}
