import { useQuery } from "@tanstack/react-query";
import { Plus, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { webhooksQuery } from "@/api/webhooks";
import { Button } from "@/design/Button";
import { Page } from "@/design/Page";
import { Empty, Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";
import { AddWebhook } from "./AddWebhook";
import { WebhookCard } from "./WebhookCard";

export function Webhooks() {
  const t = useText();
  const [adding, setAdding] = useState(false);
  const webhooks = useQuery(webhooksQuery);
  const add = (
    <Button look="primary" icon={Plus} onClick={() => setAdding(true)}>
      {t("webhooks.add")}
    </Button>
  );
  return (
    <Page
      title={t("webhooks.title")}
      lead={t("webhooks.lead")}
      actions={webhooks.data?.length ? add : undefined}
    >
      {webhooks.isPending && <Loading rows={3} />}
      {webhooks.isError && (
        <Failed error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      )}
      {webhooks.data?.length === 0 && (
        <Empty icon={WebhookIcon} title={t("webhooks.empty")} action={add}>
          {t("webhooks.emptyText")}
        </Empty>
      )}
      {webhooks.data?.map((webhook) => (
        <WebhookCard key={webhook.webhook_id} webhook={webhook} />
      ))}
      {adding && <AddWebhook onClose={() => setAdding(false)} />}
    </Page>
  );
}
