import { useState } from "react";
import { Checkbox } from "@/design/Field";
import { Notice } from "@/design/Notice";
import { notificationsWanted, wantNotifications } from "@/live/notifications";
import { useText } from "@/words/text";

/** The browser asks only after the user has: never on its own accord. */
export function NotificationConsent() {
  const t = useText();
  const [wanted, setWanted] = useState(notificationsWanted());
  const [refused, setRefused] = useState(false);

  async function change(next: boolean) {
    const granted = await wantNotifications(next);
    setWanted(granted);
    setRefused(next && !granted);
  }

  return (
    <div className="flex flex-col gap-3">
      <Checkbox
        label={t("settings.notifyOn")}
        hint={t("settings.notifyHint")}
        checked={wanted}
        onChange={(event) => void change(event.target.checked)}
      />
      {refused && <Notice tone="warn">{t("settings.notifyRefused")}</Notice>}
    </div>
  );
}
