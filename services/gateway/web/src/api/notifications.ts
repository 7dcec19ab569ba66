import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { components } from "./schema.gen";

export type Notification = components["schemas"]["NotificationRead"];

const ASK_AGAIN_MS = 15_000;

export const notificationsQuery = queryOptions({
  queryKey: ["notifications"],
  queryFn: ({ signal }) =>
    got(api.GET("/v1/notifications", { params: { query: { limit: 20 } }, signal })),
  refetchInterval: ASK_AGAIN_MS,
  refetchIntervalInBackground: true,
});

export function markAllRead() {
  return got(api.POST("/v1/notifications/read", { body: {} }));
}
