import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { providerKeysQuery } from "@/api/keys";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { Empty, Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";
import { AddProviderKey } from "./AddProviderKey";
import { ProviderKeyRow } from "./ProviderKeyRow";

export function ProviderKeys() {
  const t = useText();
  const [adding, setAdding] = useState(false);
  const keys = useQuery(providerKeysQuery);
  return (
    <Card
      title={t("keys.provider")}
      actions={
        <Button icon={Plus} onClick={() => setAdding(true)}>
          {t("keys.add")}
        </Button>
      }
    >
      <p className="mb-4 text-sm text-muted">{t("keys.providerLead")}</p>
      {keys.isPending && <Loading rows={2} />}
      {keys.isError && <Failed error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && (
        <Empty icon={KeyRound} title={t("keys.noProvider")}>
          {t("keys.noProviderText")}
        </Empty>
      )}
      <ul>
        {keys.data?.map((key) => (
          <ProviderKeyRow key={key.key_id} providerKey={key} />
        ))}
      </ul>
      {adding && <AddProviderKey onClose={() => setAdding(false)} />}
    </Card>
  );
}
