import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteBatch } from "@/api/batches";
import { Button } from "@/design/Button";
import { Confirm } from "@/design/Confirm";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";

/** Forgets a batch that is over, once that is sure. */
export function DeleteBatch({ batchId }: { batchId: string }) {
  const t = useText();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const deleting = useChange(() => deleteBatch(batchId), {
    reads: ["batches"],
    onDone: () => {
      say(t("batch.deleted"));
      void navigate({ to: "/" });
    },
  });

  return (
    <>
      <Button icon={Trash2} onClick={() => setAsking(true)}>
        {t("batch.delete")}
      </Button>
      {asking && (
        <Confirm
          title={t("batch.deleteTitle")}
          action={t("batch.deleteConfirm")}
          busy={deleting.isPending}
          onConfirm={() => deleting.mutate()}
          onClose={() => setAsking(false)}
        >
          {t("batch.deleteText")}
        </Confirm>
      )}
    </>
  );
}
