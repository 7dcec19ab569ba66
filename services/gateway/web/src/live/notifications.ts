const KEY = "bolt.notifications";

/** Whether the user asked to be told, and the browser agrees. */
export function notificationsWanted(): boolean {
  try {
    return (
      localStorage.getItem(KEY) === "yes" &&
      "Notification" in globalThis &&
      Notification.permission === "granted"
    );
  } catch {
    return false;
  }
}

/** Asks the browser for permission, or forgets the wish; returns what holds now. */
export async function wantNotifications(wanted: boolean): Promise<boolean> {
  const granted =
    wanted &&
    "Notification" in globalThis &&
    (await Notification.requestPermission()) === "granted";
  try {
    if (granted) localStorage.setItem(KEY, "yes");
    else localStorage.removeItem(KEY);
  } catch {
    return false;
  }
  return granted;
}

/** Tells the user, where they are not looking at this page anyway. */
export function notify(title: string, body: string, tag: string): void {
  if (!notificationsWanted() || document.visibilityState === "visible") return;
  const shown = new Notification(title, { body, tag, icon: "/icon.svg" });
  shown.onclick = () => {
    globalThis.focus();
    shown.close();
  };
}
