import { Download } from "lucide-react";
import { useState } from "react";
import { downloadFile } from "@/api/download";
import type { Batch } from "@/api/types";
import { Button } from "@/design/Button";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { useText } from "@/words/text";

export function DownloadZip({ batch, ready }: { batch: Batch; ready: number }) {
  const t = useText();
  const problem = useProblemText();
  const [busy, setBusy] = useState(false);

  async function download() {
    setBusy(true);
    try {
      await downloadFile(batch.links.download, `${batch.name || batch.batch_id}.zip`);
    } catch (error) {
      say(problem(error).title, "bad");
    } finally {
      setBusy(false);
    }
  }

  return (
    <Button
      look="primary"
      icon={Download}
      busy={busy}
      disabled={ready === 0}
      onClick={() => void download()}
    >
      {t("batch.zip", { count: ready })}
    </Button>
  );
}
