import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AudioLines } from "lucide-react";
import { useState } from "react";
import { changeSentences, sentencesQuery } from "@/api/review";
import type { Job, Sentence } from "@/api/types";
import { Button } from "@/design/Button";
import { useProblemText } from "@/design/problemText";
import { Failed, Loading } from "@/design/States";
import { say } from "@/design/Toasts";
import { isOver } from "@/live/stages";
import { useText } from "@/words/text";
import { SentenceView } from "./SentenceView";

interface Props {
  job: Job;
  onRenarrate: () => void;
}

/** The text by sentences. Those that are changed are narrated again, and only those. */
export function ScriptEditor({ job, onRenarrate }: Props) {
  const t = useText();
  const problem = useProblemText();
  const client = useQueryClient();
  const script = useQuery(sentencesQuery(job.job_id, job.updated_at));
  const [changes, setChanges] = useState<ReadonlyMap<number, string>>(new Map());
  const mayChange = isOver(job.state) || job.state === "awaiting_review";

  const sending = useMutation({
    mutationFn: () => changeSentences(job.job_id, script.data?.etag ?? "", changes),
    onSuccess: (edit) => {
      setChanges(new Map());
      void client.invalidateQueries({ queryKey: ["sentences", job.job_id] });
      if (edit.run !== null) onRenarrate();
      else say(t("common.saved"));
    },
    onError: (error) => {
      const { title, detail } = problem(error);
      say(`${title}: ${detail}`, "bad");
      void script.refetch();
    },
  });

  function change({ index, text: before }: Sentence, text: string) {
    const next = new Map(changes);
    if (text === before) next.delete(index);
    else next.set(index, text);
    setChanges(next);
  }

  if (script.isPending) return <Loading rows={5} />;
  if (script.isError) return <Failed error={script.error} onRetry={() => void script.refetch()} />;
  return (
    <>
      {mayChange && <p className="text-sm text-muted">{t("job.editHint")}</p>}
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        tabIndex={0}
        aria-label={t("job.narrated")}
        lang={job.language}
        dir="auto"
        className="max-h-96 overflow-y-auto rounded-lg border border-line p-4 text-base leading-relaxed"
      >
        {paragraphs(script.data.sentences).map((sentences) => (
          <p key={sentences[0]?.index} className="mb-4 last:mb-0">
            {sentences.map((sentence) => (
              <SentenceView
                key={sentence.index}
                sentence={sentence}
                changed={changes.get(sentence.index)}
                mayChange={mayChange}
                onChange={(text) => change(sentence, text)}
              />
            ))}
          </p>
        ))}
      </section>
      {changes.size > 0 && (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm">{t("job.changed", { count: changes.size })}</p>
          <div className="flex gap-2">
            <Button look="quiet" onClick={() => setChanges(new Map())}>
              {t("job.discard")}
            </Button>
            <Button
              look="primary"
              icon={AudioLines}
              busy={sending.isPending}
              onClick={() => sending.mutate()}
            >
              {t(job.state === "awaiting_review" ? "common.save" : "job.renarrate")}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

function paragraphs(sentences: Sentence[]): Sentence[][] {
  const found: Sentence[][] = [];
  for (const sentence of sentences) {
    const last = found.at(-1);
    if (last?.[0]?.paragraph === sentence.paragraph) last.push(sentence);
    else found.push([sentence]);
  }
  return found;
}
