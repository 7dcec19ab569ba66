import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { components } from "./schema.gen";

type Schemas = components["schemas"];
export type Webhook = Schemas["WebhookRead"];
export type Delivery = Schemas["DeliveryRead"];
export type WebhookEvents = NonNullable<Schemas["WebhookCreate"]["events"]>;

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async ({ signal }) => (await got(api.GET("/v1/webhooks", { signal }))).items,
});

export function deliveriesQuery(webhookId: string) {
  return queryOptions({
    queryKey: ["webhooks", webhookId, "deliveries"],
    queryFn: async ({ signal }) => {
      const params = { path: { webhook_id: webhookId }, query: { limit: 20 } };
      return (await got(api.GET("/v1/webhooks/{webhook_id}/deliveries", { params, signal }))).items;
    },
    refetchInterval: 3_000,
  });
}

export function addWebhook(url: string, description: string, events: WebhookEvents) {
  return got(api.POST("/v1/webhooks", { body: { url, description, events } }));
}

export function switchWebhook(webhookId: string, enabled: boolean) {
  const params = { path: { webhook_id: webhookId } };
  return got(api.PATCH("/v1/webhooks/{webhook_id}", { params, body: { enabled } }));
}

export function removeWebhook(webhookId: string) {
  return got(
    api.DELETE("/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: webhookId } } }),
  );
}

export function pingWebhook(webhookId: string) {
  return got(
    api.POST("/v1/webhooks/{webhook_id}/ping", { params: { path: { webhook_id: webhookId } } }),
  );
}

export function rotateSecret(webhookId: string) {
  return got(
    api.POST("/v1/webhooks/{webhook_id}/rotate-secret", {
      params: { path: { webhook_id: webhookId } },
    }),
  );
}

export function redeliver(webhookId: string, deliveryId: string) {
  const path = { webhook_id: webhookId, delivery_id: deliveryId };
  return got(
    api.POST("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", { params: { path } }),
  );
}
