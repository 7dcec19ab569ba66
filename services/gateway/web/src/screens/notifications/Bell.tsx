import { useQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import { useState } from "react";
import { notificationsQuery } from "@/api/notifications";
import { useText } from "@/words/text";
import { News } from "./News";
import { useTelling } from "./useTelling";

/** What happened while one was elsewhere in the product; a number says how much is unread. */
export function Bell() {
  const t = useText();
  const [open, setOpen] = useState(false);
  const found = useQuery(notificationsQuery);
  useTelling(found.data?.items);
  const unread = found.data?.unread ?? 0;
  return (
    <>
      <button
        type="button"
        aria-label={t("notifications.open", { count: unread })}
        title={t("notifications.title")}
        onClick={() => setOpen(true)}
        className="relative inline-flex size-10 items-center justify-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
      >
        <BellIcon aria-hidden className="size-4.5" />
        {unread > 0 && (
          <span
            aria-hidden
            className="absolute top-1 right-1 min-w-4 rounded-full bg-accent px-1 text-center text-[0.625rem] leading-4 font-semibold text-on-accent"
          >
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </button>
      {open && <News items={found.data?.items ?? []} onClose={() => setOpen(false)} />}
    </>
  );
}
