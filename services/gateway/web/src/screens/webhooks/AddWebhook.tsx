import { useState } from "react";
import { addWebhook, type WebhookEvents, webhooksQuery } from "@/api/webhooks";
import { Checkbox, TextField } from "@/design/Field";
import { FormDialog } from "@/design/FormDialog";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";
import { Secret } from "./Secret";

const EVENTS: WebhookEvents = [
  "batch.completed",
  "batch.completed_with_errors",
  "batch.failed",
  "batch.cancelled",
  "batch.budget_reached",
];

export function AddWebhook({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [url, setUrl] = useState("https://");
  const [description, setDescription] = useState("");
  const [events, setEvents] = useState<WebhookEvents>(EVENTS);
  const adding = useChange(() => addWebhook(url.trim(), description.trim(), events), {
    reads: webhooksQuery.queryKey,
  });

  if (adding.data) return <Secret secret={adding.data.secret} onClose={onClose} />;
  return (
    <FormDialog
      title={t("webhooks.add")}
      action={t("webhooks.add")}
      busy={adding.isPending}
      ready={/^https?:\/\/./.test(url.trim()) && events.length > 0}
      onSend={() => adding.mutate()}
      onClose={onClose}
    >
      <TextField
        label={t("webhooks.url")}
        hint={t("webhooks.urlHint")}
        type="url"
        value={url}
        onChange={(event) => setUrl(event.target.value)}
      />
      <TextField
        label={`${t("webhooks.description")} (${t("common.optional")})`}
        maxLength={200}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 text-sm font-medium">{t("webhooks.events")}</legend>
        {EVENTS.map((name) => (
          <Checkbox
            key={name}
            label={<code className="font-mono">{name}</code>}
            checked={events.includes(name)}
            onChange={(event) =>
              setEvents(
                event.target.checked ? [...events, name] : events.filter((each) => each !== name),
              )
            }
          />
        ))}
      </fieldset>
    </FormDialog>
  );
}
