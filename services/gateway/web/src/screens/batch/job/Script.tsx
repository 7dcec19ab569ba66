import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { textQuery } from "@/api/jobs";
import type { Job } from "@/api/types";
import { Segmented } from "@/design/Segmented";
import { Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";
import { ScriptEditor } from "./ScriptEditor";

type Version = "narrated" | "master";

interface Props {
  job: Job;
  onRenarrate: () => void;
}

/** The text that is spoken, to be changed; and the one it was adapted from, to be read. */
export function Script({ job, onRenarrate }: Props) {
  const t = useText();
  const [version, setVersion] = useState<Version>("narrated");
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
      {version === "narrated" ? (
        <ScriptEditor job={job} onRenarrate={onRenarrate} />
      ) : (
        <Master job={job} />
      )}
    </div>
  );
}

function Master({ job }: { job: Job }) {
  const text = useQuery(textQuery(`${job.links.script}?version=master`, job.updated_at));
  if (text.isPending) return <Loading rows={5} />;
  if (text.isError) return <Failed error={text.error} onRetry={() => void text.refetch()} />;
  return (
    <article
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
      tabIndex={0}
      dir="auto"
      className="max-h-96 overflow-y-auto rounded-lg border border-line p-4 text-base leading-relaxed whitespace-pre-wrap"
    >
      {text.data}
    </article>
  );
}
