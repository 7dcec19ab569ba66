import { Download, FileSpreadsheet } from "lucide-react";
import { useState } from "react";
import { downloadFile } from "@/api/download";
import type { Batch } from "@/api/types";
import { Button } from "@/design/Button";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { isOver } from "@/live/stages";
import { useText } from "@/words/text";

interface Props {
  batch: Batch;
  state: string;
  ready: number;
}

/** What is done so far, to be taken home: everything as one ZIP, or the list of it as a sheet. */
export function Downloads({ batch, state, ready }: Props) {
  const t = useText();
  const problem = useProblemText();
  const [busy, setBusy] = useState<string | null>(null);
  const name = batch.name || batch.batch_id;

  async function download(path: string, instead: string) {
    setBusy(path);
    try {
      await downloadFile(path, instead);
    } catch (error) {
      say(problem(error).title, "bad");
    } finally {
      setBusy(null);
    }
  }

  const zip = batch.links.download;
  const sheet = `${batch.links.self}/export?format=xlsx`;
  return (
    <>
      <Button
        icon={FileSpreadsheet}
        busy={busy === sheet}
        onClick={() => void download(sheet, `${name}.xlsx`)}
      >
        {t("batch.sheet")}
      </Button>
      <Button
        look={isOver(state) ? "primary" : "secondary"}
        icon={Download}
        busy={busy === zip}
        disabled={ready === 0}
        onClick={() => void download(zip, `${name}.zip`)}
      >
        {t("batch.zip")}
      </Button>
    </>
  );
}
