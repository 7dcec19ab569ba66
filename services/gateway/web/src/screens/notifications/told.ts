import type { Notification } from "@/api/notifications";
import type { TextKey, Translate } from "@/words/text";

const OF_BATCHES = /^batch\.(completed|completed_with_errors|failed|cancelled)$/;

/** Returns the batch a notification is about, where it is about one. */
export function batchOf(item: Notification): string | null {
  const id = item.data.batch_id;
  return typeof id === "string" ? id : null;
}

/** Returns a notification in words. */
export function textOf(item: Notification, t: Translate): string {
  const state = OF_BATCHES.exec(item.type)?.[1];
  if (state) {
    const name = typeof item.data.name === "string" ? item.data.name : "";
    return t("notifications.ended", {
      name: name || t("notifications.unknownBatch"),
      state: t(`state.${state}` as TextKey),
    });
  }
  if (item.type === "batch.budget_reached") return t("notifications.budgetReached");
  if (item.type === "webhook.disabled") return t("notifications.webhookDisabled");
  return t("notifications.other", { type: item.type });
}
