import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { textQuery } from "@/api/jobs";
import type { Job } from "@/api/types";
import { Segmented } from "@/design/Segmented";
import { Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";

type Version = "narrated" | "master";

/** The text that is spoken, and the one it was adapted from. */
export function Script({ job }: { job: Job }) {
  const t = useText();
  const [version, setVersion] = useState<Version>("narrated");
  const path = `${job.links.script}?version=${version}`;
  const text = useQuery(textQuery(path, job.updated_at));
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label={t("job.version")}
        value={version}
        onChange={setVersion}
        options={[
          { value: "narrated", label: t("job.narrated") },
          { value: "master", label: t("job.master") },
        ]}
      />
      {text.isPending && <Loading rows={5} />}
      {text.isError && <Failed error={text.error} onRetry={() => void text.refetch()} />}
      {text.data !== undefined && (
        <article
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
          tabIndex={0}
          lang={version === "narrated" ? job.language : undefined}
          dir="auto"
          className="max-h-96 overflow-y-auto rounded-lg border border-line p-4 text-base leading-relaxed whitespace-pre-wrap"
        >
          {text.data}
        </article>
      )}
    </div>
  );
}
