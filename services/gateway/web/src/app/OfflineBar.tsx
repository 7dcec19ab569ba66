import { WifiOff } from "lucide-react";
import { useOnline } from "@/live/online";
import { useText } from "@/words/text";

export function OfflineBar() {
  const t = useText();
  const online = useOnline();
  return (
    <div role="status" className="sticky top-14 z-10 lg:top-0">
      {!online && (
        <p className="flex items-center gap-2 bg-warn-soft px-4 py-2 text-sm text-warn">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {t("common.offline")}
        </p>
      )}
    </div>
  );
}
