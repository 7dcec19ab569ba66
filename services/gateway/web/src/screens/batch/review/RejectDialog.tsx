import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { reject } from "@/api/review";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Checkbox, TextArea } from "@/design/Field";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { useText } from "@/words/text";

interface Props {
  jobId: string;
  onClose: () => void;
  onRejected: () => void;
}

export function RejectDialog({ jobId, onClose, onRejected }: Props) {
  const t = useText();
  const problem = useProblemText();
  const [note, setNote] = useState("");
  const [again, setAgain] = useState(true);
  const sending = useMutation({
    mutationFn: () => reject(jobId, note.trim(), again),
    onSuccess: () => {
      say(t("review.rejected"));
      onRejected();
    },
    onError: (error) => say(problem(error).title, "bad"),
  });
  return (
    <Dialog
      title={t("review.rejectTitle")}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("common.back")}
          </Button>
          <Button look="danger" busy={sending.isPending} onClick={() => sending.mutate()}>
            {t("review.reject")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextArea
          label={t("review.note")}
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <Checkbox
          label={t("review.again")}
          checked={again}
          onChange={(event) => setAgain(event.target.checked)}
        />
      </div>
    </Dialog>
  );
}
