import { Link } from "@tanstack/react-router";
import { BellOff } from "lucide-react";
import { markAllRead, type Notification, notificationsQuery } from "@/api/notifications";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Empty } from "@/design/States";
import { useChange } from "@/design/useChange";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { batchOf, textOf } from "./told";

interface Props {
  items: Notification[];
  onClose: () => void;
}

export function News({ items, onClose }: Props) {
  const t = useText();
  const reading = useChange(markAllRead, { reads: notificationsQuery.queryKey, onDone: onClose });
  return (
    <Dialog
      title={t("notifications.title")}
      onClose={onClose}
      footer={
        items.some((item) => !item.read_at) && (
          <Button busy={reading.isPending} onClick={() => reading.mutate()}>
            {t("notifications.read")}
          </Button>
        )
      }
    >
      {items.length === 0 && <Empty icon={BellOff} title={t("notifications.empty")} />}
      <ul>
        {items.map((item) => (
          <Line key={item.notification_id} item={item} onClose={onClose} />
        ))}
      </ul>
    </Dialog>
  );
}

function Line({ item, onClose }: { item: Notification; onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  const batch = batchOf(item);
  const content = (
    <>
      <span className={`block break-words ${item.read_at ? "" : "font-semibold"}`}>
        {textOf(item, t)}
      </span>
      <span className="block text-muted">{format.when(item.at)}</span>
    </>
  );
  return (
    <li className="border-t border-line text-sm first:border-t-0">
      {batch ? (
        <Link
          to="/batches/$batchId"
          params={{ batchId: batch }}
          onClick={onClose}
          className="block rounded-lg px-2 py-3 hover:bg-sunken"
        >
          {content}
        </Link>
      ) : (
        <p className="px-2 py-3">{content}</p>
      )}
    </li>
  );
}
