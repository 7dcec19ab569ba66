import { Copy } from "lucide-react";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Notice } from "@/design/Notice";
import { say } from "@/design/Toasts";
import { useText } from "@/words/text";

export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useText();
  async function copy() {
    await navigator.clipboard.writeText(secret);
    say(t("common.copied"));
  }
  return (
    <Dialog
      title={t("webhooks.title")}
      onClose={onClose}
      footer={
        <Button look="primary" icon={Copy} onClick={() => void copy()}>
          {t("common.copy")}
        </Button>
      }
    >
      <Notice tone="warn" title={t("webhooks.secretOnce")} />
      <code className="mt-4 block rounded-lg bg-sunken p-3 font-mono text-sm break-all">
        {secret}
      </code>
    </Dialog>
  );
}
