import { useState } from "react";
import {
  pingWebhook,
  removeWebhook,
  rotateSecret,
  switchWebhook,
  type Webhook,
  webhooksQuery,
} from "@/api/webhooks";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { Confirm } from "@/design/Confirm";
import { Notice } from "@/design/Notice";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { Deliveries } from "./Deliveries";
import { Secret } from "./Secret";

export function WebhookCard({ webhook }: { webhook: Webhook }) {
  const t = useText();
  const format = useFormat();
  const id = webhook.webhook_id;
  const [open, setOpen] = useState<"deliveries" | "remove" | "secret" | null>(null);
  const reads = webhooksQuery.queryKey;
  const switching = useChange((on: boolean) => switchWebhook(id, on), { reads });
  const removing = useChange(() => removeWebhook(id), { reads });
  const rotating = useChange(() => rotateSecret(id), { reads, onDone: () => setOpen("secret") });
  const pinging = useChange(() => pingWebhook(id), {
    reads,
    onDone: () => {
      say(t("webhooks.pinged"));
      setOpen("deliveries");
    },
  });
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 font-medium break-all">{webhook.url}</p>
        <Badge tone={webhook.enabled ? "good" : "plain"}>
          {t(webhook.enabled ? "webhooks.on" : "webhooks.off")}
        </Badge>
      </div>
      <p className="mt-1 mb-4 text-sm break-words text-muted">
        {[webhook.description, webhook.events.join(", ")].filter(Boolean).join(" · ")}
      </p>
      {(webhook.disabled_reason || webhook.failing_since) && (
        <div className="mb-4">
          <Notice tone="warn">
            {webhook.disabled_reason ??
              t("webhooks.failing", { when: format.when(webhook.failing_since ?? "") })}
          </Notice>
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button busy={pinging.isPending} onClick={() => pinging.mutate()}>
          {t("webhooks.ping")}
        </Button>
        <Button
          aria-expanded={open === "deliveries"}
          onClick={() => setOpen(open === "deliveries" ? null : "deliveries")}
        >
          {t("webhooks.deliveries")}
        </Button>
        <Button busy={rotating.isPending} onClick={() => rotating.mutate()}>
          {t("webhooks.rotate")}
        </Button>
        <Button busy={switching.isPending} onClick={() => switching.mutate(!webhook.enabled)}>
          {t(webhook.enabled ? "webhooks.disable" : "webhooks.enable")}
        </Button>
        <Button look="danger" onClick={() => setOpen("remove")}>
          {t("common.remove")}
        </Button>
      </div>
      {open === "deliveries" && <Deliveries webhookId={id} />}
      {open === "secret" && rotating.data && (
        <Secret secret={rotating.data.secret} onClose={() => setOpen(null)} />
      )}
      {open === "remove" && (
        <Confirm
          title={t("webhooks.removeTitle")}
          action={t("common.remove")}
          busy={removing.isPending}
          onConfirm={() => removing.mutate()}
          onClose={() => setOpen(null)}
        >
          {t("webhooks.removeText", { url: webhook.url })}
        </Confirm>
      )}
    </Card>
  );
}
