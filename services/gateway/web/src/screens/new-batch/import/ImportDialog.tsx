import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Download, Send } from "lucide-react";
import { useState } from "react";
import { importBatch, saveTemplate } from "@/api/imports";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { useText } from "@/words/text";
import { type Draft, requestOf } from "../draft/draft";
import { ImportProblem } from "./ImportProblem";

interface Props {
  file: File;
  draft: Draft;
  onClose: () => void;
}

/** A spreadsheet as a batch: each row is an audio, checked by the server as a whole. */
export function ImportDialog({ file, draft, onClose }: Props) {
  const t = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  // One key for this file in this dialog: a second click is the same batch.
  const [key] = useState(() => crypto.randomUUID());
  const sending = useMutation({
    mutationFn: () => importBatch(file, commonOf(draft, file.name), key),
    onSuccess: ({ batch }) => {
      void client.invalidateQueries({ queryKey: ["batches"] });
      void navigate({ to: "/batches/$batchId", params: { batchId: batch.batch_id } });
    },
  });
  return (
    <Dialog
      wide
      title={t("newBatch.import.title", { file: file.name })}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" icon={Download} onClick={() => void saveTemplate()}>
            {t("newBatch.import.template")}
          </Button>
          <Button
            look="primary"
            icon={Send}
            busy={sending.isPending || sending.isSuccess}
            onClick={() => sending.mutate()}
          >
            {t("newBatch.summary.send")}
          </Button>
        </>
      }
    >
      <p className="text-sm">{t("newBatch.import.rows")}</p>
      <p className="mt-2 mb-4 text-sm text-muted">{t("newBatch.import.columns")}</p>
      {sending.error && <ImportProblem error={sending.error} />}
    </Dialog>
  );
}

function commonOf(draft: Draft, name: string) {
  const { titles: _, languages, voices, ...common } = requestOf({ ...draft, name });
  return { ...common, ...(languages?.length ? { languages, voices } : {}) };
}
