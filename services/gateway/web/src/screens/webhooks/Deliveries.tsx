import { useQuery } from "@tanstack/react-query";
import { type Delivery, deliveriesQuery, redeliver } from "@/api/webhooks";
import { Badge, type Tone } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Failed, Loading } from "@/design/States";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";

/** What became of a message, in our words: one that failed once is on its way still. */
function stateOf({ state, tries }: Delivery) {
  if (state === "pending") return tries > 0 ? "webhooks.trying" : "webhooks.pending";
  return state === "delivered" ? "webhooks.delivered" : "webhooks.failed";
}

const TONES: Record<string, Tone> = { delivered: "good", failed: "bad", pending: "warn" };

export function Deliveries({ webhookId }: { webhookId: string }) {
  const t = useText();
  const format = useFormat();
  const query = deliveriesQuery(webhookId);
  const found = useQuery(query);
  const sending = useChange((id: string) => redeliver(webhookId, id), {
    reads: query.queryKey,
    onDone: () => say(t("webhooks.sentAgain")),
  });
  return (
    <div className="mt-4 border-t border-line pt-2">
      {found.isPending && <Loading rows={2} />}
      {found.isError && <Failed error={found.error} />}
      {found.data?.length === 0 && (
        <p className="py-4 text-sm text-muted">{t("webhooks.noDeliveries")}</p>
      )}
      <ul aria-label={t("webhooks.deliveries")}>
        {found.data?.map((delivery) => (
          <li
            key={delivery.delivery_id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line py-2 text-sm first:border-t-0"
          >
            <span className="min-w-44 flex-1">
              <code className="font-mono">{delivery.type}</code>
              <span className="block text-muted">
                {format.when(delivery.created_at)} ·{" "}
                {t("webhooks.tries", { count: delivery.tries })}
              </span>
            </span>
            <Badge tone={TONES[delivery.state] ?? "plain"}>{t(stateOf(delivery))}</Badge>
            <Button onClick={() => sending.mutate(delivery.delivery_id)}>
              {t("webhooks.again")}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
