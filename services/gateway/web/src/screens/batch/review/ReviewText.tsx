import { useMutation } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { approve, replaceText } from "@/api/review";
import type { ReviewItem } from "@/api/types";
import { Button } from "@/design/Button";
import { TextArea } from "@/design/Field";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { RejectDialog } from "./RejectDialog";

interface Props {
  item: ReviewItem;
  onSettled: () => void;
}

/** One text to be read, changed where it has to be, and let through or not. */
export function ReviewText({ item, onSettled }: Props) {
  const t = useText();
  const format = useFormat();
  const problem = useProblemText();
  const [text, setText] = useState(item.text);
  const [refusing, setRefusing] = useState(false);
  const { job } = item;
  const changed = text !== item.text;

  const approving = useMutation({
    mutationFn: async () => {
      if (changed) await replaceText(job.job_id, item.etag, text);
      await approve(job.job_id);
    },
    onSuccess: () => {
      say(t("review.approved"));
      onSettled();
    },
    onError: (error) => say(problem(error).title, "bad"),
  });

  return (
    <li className="rounded-lg border border-line p-4">
      <p className="font-medium">{job.title}</p>
      <p className="mb-3 text-sm text-muted">{format.language(job.language)}</p>
      <TextArea
        label={t("review.text")}
        lang={job.language}
        dir="auto"
        rows={6}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="mt-3 flex flex-wrap justify-end gap-2">
        <Button icon={X} onClick={() => setRefusing(true)}>
          {t("review.reject")}
        </Button>
        <Button
          look="primary"
          icon={Check}
          busy={approving.isPending}
          disabled={text.trim() === ""}
          onClick={() => approving.mutate()}
        >
          {t(changed ? "review.saveApprove" : "review.approve")}
        </Button>
      </div>
      {refusing && (
        <RejectDialog
          jobId={job.job_id}
          onClose={() => setRefusing(false)}
          onRejected={() => {
            setRefusing(false);
            onSettled();
          }}
        />
      )}
    </li>
  );
}
