import { useQuery } from "@tanstack/react-query";
import { Plus, Terminal } from "lucide-react";
import { useState } from "react";
import { type ApiKey, apiKeysQuery, revokeApiKey } from "@/api/keys";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { Confirm } from "@/design/Confirm";
import { Empty, Failed, Loading } from "@/design/States";
import { useChange } from "@/design/useChange";
import { useFormat } from "@/words/format";
import { type TextKey, useText } from "@/words/text";
import { MakeApiKey } from "./MakeApiKey";

export function ApiKeys() {
  const t = useText();
  const [making, setMaking] = useState(false);
  const keys = useQuery(apiKeysQuery);
  return (
    <Card
      title={t("keys.api")}
      actions={
        <Button icon={Plus} onClick={() => setMaking(true)}>
          {t("keys.make")}
        </Button>
      }
    >
      <p className="mb-4 text-sm text-muted">{t("keys.apiLead")}</p>
      {keys.isPending && <Loading rows={2} />}
      {keys.isError && <Failed error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && <Empty icon={Terminal} title={t("keys.noApi")} />}
      <ul>
        {keys.data?.map((key) => (
          <ApiKeyRow key={key.key_id} apiKey={key} />
        ))}
      </ul>
      {making && <MakeApiKey onClose={() => setMaking(false)} />}
    </Card>
  );
}

function ApiKeyRow({ apiKey: key }: { apiKey: ApiKey }) {
  const t = useText();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const revoking = useChange(() => revokeApiKey(key.key_id), { reads: apiKeysQuery.queryKey });
  const facts = [
    key.scopes.map((scope) => t(`keys.${scope}` as TextKey)).join(", "),
    key.last_used_at
      ? t("keys.lastUsed", { when: format.when(key.last_used_at) })
      : t("keys.neverUsed"),
    key.expires_at ? t("keys.expiresAt", { when: format.when(key.expires_at) }) : "",
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3">
      <div className="min-w-44 flex-1 text-sm">
        <p className="font-medium break-words">
          {key.name} · <code className="font-mono">{key.prefix}…</code>
        </p>
        <p className="text-muted">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <Button look="danger" onClick={() => setAsking(true)}>
        {t("keys.revoke")}
      </Button>
      {asking && (
        <Confirm
          title={t("keys.revokeTitle")}
          action={t("keys.revoke")}
          busy={revoking.isPending}
          onConfirm={() => revoking.mutate()}
          onClose={() => setAsking(false)}
        >
          {t("keys.revokeText", { name: key.name })}
        </Confirm>
      )}
    </li>
  );
}
