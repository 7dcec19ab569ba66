import { useState } from "react";
import { useIsAdmin } from "@/api/access";
import { addProviderKey, providerKeysQuery } from "@/api/keys";
import { Checkbox, Select, TextField } from "@/design/Field";
import { FormDialog } from "@/design/FormDialog";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";

export function AddProviderKey({ onClose }: { onClose: () => void }) {
  const t = useText();
  const isAdmin = useIsAdmin();
  const [provider, setProvider] = useState<"gemini" | "google">("gemini");
  const [key, setKey] = useState("");
  const [project, setProject] = useState("");
  const [everyone, setEveryone] = useState(false);
  const adding = useChange(
    () => addProviderKey({ provider, key, project: project.trim(), for_everyone: everyone }),
    { reads: providerKeysQuery.queryKey, onDone: onClose },
  );

  return (
    <FormDialog
      title={t("keys.add")}
      action={t("keys.add")}
      busy={adding.isPending}
      ready={key.length >= 8}
      onSend={() => adding.mutate()}
      onClose={onClose}
    >
      <Select
        label={t("keys.providerLabel")}
        value={provider}
        onChange={(event) => setProvider(event.target.value as typeof provider)}
      >
        <option value="gemini">{t("keys.gemini")}</option>
        <option value="google">{t("keys.google")}</option>
      </Select>
      <TextField
        label={t("keys.key")}
        hint={t("keys.keyHint")}
        type="password"
        autoComplete="off"
        value={key}
        onChange={(event) => setKey(event.target.value.trim())}
      />
      <TextField
        label={`${t("keys.project")} (${t("common.optional")})`}
        hint={t("keys.projectHint")}
        maxLength={63}
        pattern="[A-Za-z0-9._\-]*"
        value={project}
        onChange={(event) => setProject(event.target.value)}
      />
      {isAdmin && (
        <Checkbox
          label={t("keys.everyone")}
          checked={everyone}
          onChange={(event) => setEveryone(event.target.checked)}
        />
      )}
    </FormDialog>
  );
}
