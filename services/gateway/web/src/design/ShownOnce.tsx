import { Copy } from "lucide-react";
import { useText } from "@/words/text";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Notice } from "./Notice";
import { say } from "./Toasts";

interface Props {
  title: string;
  warning: string;
  secret: string;
  onClose: () => void;
}

/** A secret that is nowhere to be read again, and a button that copies it. */
export function ShownOnce({ title, warning, secret, onClose }: Props) {
  const t = useText();
  async function copy() {
    await navigator.clipboard.writeText(secret);
    say(t("common.copied"));
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <Button look="primary" icon={Copy} onClick={() => void copy()}>
          {t("common.copy")}
        </Button>
      }
    >
      <Notice tone="warn" title={warning} />
      <code className="mt-4 block rounded-lg bg-sunken p-3 font-mono text-sm break-all">
        {secret}
      </code>
    </Dialog>
  );
}
