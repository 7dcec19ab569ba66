import { Copy } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useIsAdmin } from "@/api/access";
import { apiKeysQuery, makeApiKey } from "@/api/keys";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Checkbox, Select, TextField } from "@/design/Field";
import { Notice } from "@/design/Notice";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";

const DAYS = [30, 90, 365] as const;

type Scope = "read" | "write" | "admin";

export function MakeApiKey({ onClose }: { onClose: () => void }) {
  const t = useText();
  const id = useId();
  const isAdmin = useIsAdmin();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read", "write"]);
  const [days, setDays] = useState<number | null>(90);
  const making = useChange(() => makeApiKey({ name: name.trim(), scopes, expires_in_days: days }), {
    reads: apiKeysQuery.queryKey,
  });
  const offered: Scope[] = isAdmin ? ["read", "write", "admin"] : ["read", "write"];

  function send(event: FormEvent) {
    event.preventDefault();
    making.mutate();
  }

  if (making.data) return <Shown secret={making.data.key} onClose={onClose} />;
  return (
    <Dialog
      title={t("keys.make")}
      onClose={onClose}
      footer={
        <Button
          type="submit"
          form={id}
          look="primary"
          busy={making.isPending}
          disabled={!name.trim() || scopes.length === 0}
        >
          {t("keys.makeIt")}
        </Button>
      }
    >
      <form id={id} onSubmit={send} className="flex flex-col gap-4">
        <TextField
          label={t("keys.name")}
          hint={t("keys.nameHint")}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 text-sm font-medium">{t("keys.scopes")}</legend>
          {offered.map((scope) => (
            <Checkbox
              key={scope}
              label={t(`keys.${scope}`)}
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes(
                  event.target.checked
                    ? [...scopes, scope]
                    : scopes.filter((each) => each !== scope),
                )
              }
            />
          ))}
        </fieldset>
        <Select
          label={t("keys.expires")}
          value={days ?? ""}
          onChange={(event) => setDays(Number(event.target.value) || null)}
        >
          {DAYS.map((count) => (
            <option key={count} value={count}>
              {t("keys.days", { count })}
            </option>
          ))}
          <option value="">{t("keys.forever")}</option>
        </Select>
      </form>
    </Dialog>
  );
}

function Shown({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useText();
  async function copy() {
    await navigator.clipboard.writeText(secret);
    say(t("common.copied"));
  }
  return (
    <Dialog
      title={t("keys.make")}
      onClose={onClose}
      footer={
        <Button look="primary" icon={Copy} onClick={() => void copy()}>
          {t("common.copy")}
        </Button>
      }
    >
      <Notice tone="warn" title={t("keys.shownOnce")} />
      <code className="mt-4 block rounded-lg bg-sunken p-3 font-mono text-sm break-all">
        {secret}
      </code>
    </Dialog>
  );
}
