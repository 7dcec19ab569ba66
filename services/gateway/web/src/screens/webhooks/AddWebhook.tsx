import { type FormEvent, useId, useState } from "react";
import { addWebhook, type WebhookEvents, webhooksQuery } from "@/api/webhooks";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Checkbox, TextField } from "@/design/Field";
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
  const id = useId();
  const [url, setUrl] = useState("https://");
  const [description, setDescription] = useState("");
  const [events, setEvents] = useState<WebhookEvents>(EVENTS);
  const adding = useChange(() => addWebhook(url.trim(), description.trim(), events), {
    reads: webhooksQuery.queryKey,
  });

  function send(event: FormEvent) {
    event.preventDefault();
    adding.mutate();
  }

  if (adding.data) return <Secret secret={adding.data.secret} onClose={onClose} />;
  return (
    <Dialog
      title={t("webhooks.add")}
      onClose={onClose}
      footer={
        <Button
          type="submit"
          form={id}
          look="primary"
          busy={adding.isPending}
          disabled={!/^https?:\/\/./.test(url.trim()) || events.length === 0}
        >
          {t("webhooks.add")}
        </Button>
      }
    >
      <form id={id} onSubmit={send} className="flex flex-col gap-4">
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
      </form>
    </Dialog>
  );
}
