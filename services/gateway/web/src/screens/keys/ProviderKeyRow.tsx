import { useState } from "react";
import {
  type ProviderKey,
  providerKeysQuery,
  removeProviderKey,
  switchProviderKey,
  testProviderKey,
} from "@/api/keys";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Confirm } from "@/design/Confirm";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";

export function ProviderKeyRow({ providerKey: key }: { providerKey: ProviderKey }) {
  const t = useText();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const reads = providerKeysQuery.queryKey;
  const switching = useChange((on: boolean) => switchProviderKey(key.key_id, on), { reads });
  const removing = useChange(() => removeProviderKey(key.key_id), { reads });
  const testing = useChange(() => testProviderKey(key.key_id), {
    reads,
    onDone: (result) =>
      result.works
        ? say(t("keys.works"))
        : say(t("keys.broken", { reason: result.said || result.reason }), "bad"),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3">
      <div className="min-w-44 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {key.provider} · <code className="font-mono">…{key.identity}</code>
          <Badge tone={key.enabled ? "good" : "plain"}>
            {t(key.enabled ? "keys.on" : "keys.off")}
          </Badge>
          {key.user_id === null && <Badge tone="accent">{t("keys.forEveryone")}</Badge>}
        </p>
        <p className="text-muted">
          {[key.project, format.when(key.created_at)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button busy={testing.isPending} onClick={() => testing.mutate()}>
          {t("keys.test")}
        </Button>
        <Button busy={switching.isPending} onClick={() => switching.mutate(!key.enabled)}>
          {t(key.enabled ? "keys.disable" : "keys.enable")}
        </Button>
        <Button look="danger" onClick={() => setAsking(true)}>
          {t("common.remove")}
        </Button>
      </div>
      {asking && (
        <Confirm
          title={t("keys.removeTitle")}
          action={t("common.remove")}
          busy={removing.isPending}
          onConfirm={() => removing.mutate()}
          onClose={() => setAsking(false)}
        >
          {t("keys.removeText")}
        </Confirm>
      )}
    </li>
  );
}
