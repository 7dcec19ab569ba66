import { useState } from "react";
import { useIsAdmin } from "@/api/access";
import { apiKeysQuery, makeApiKey } from "@/api/keys";
import { Checkbox, Select, TextField } from "@/design/Field";
import { FormDialog } from "@/design/FormDialog";
import { ShownOnce } from "@/design/ShownOnce";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";

const DAYS = [30, 90, 365] as const;

type Scope = "read" | "write" | "admin";

export function MakeApiKey({ onClose }: { onClose: () => void }) {
  const t = useText();
  const isAdmin = useIsAdmin();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read", "write"]);
  const [days, setDays] = useState<number | null>(90);
  const making = useChange(() => makeApiKey({ name: name.trim(), scopes, expires_in_days: days }), {
    reads: apiKeysQuery.queryKey,
  });
  const offered: Scope[] = isAdmin ? ["read", "write", "admin"] : ["read", "write"];

  if (making.data) {
    return (
      <ShownOnce
        title={t("keys.make")}
        warning={t("keys.shownOnce")}
        secret={making.data.key}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={t("keys.make")}
      action={t("keys.makeIt")}
      busy={making.isPending}
      ready={name.trim() !== "" && scopes.length > 0}
      onSend={() => making.mutate()}
      onClose={onClose}
    >
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
                event.target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope),
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
    </FormDialog>
  );
}
