import { Eye, EyeOff } from "lucide-react";
import { type ChangeEventHandler, useState } from "react";
import { IconButton } from "@/design/Button";
import { TextField } from "@/design/Field";
import { useText } from "@/words/text";

interface Props {
  isNew: boolean;
  value: string;
  error?: string | undefined;
  onChange: ChangeEventHandler<HTMLInputElement>;
}

export function PasswordField({ isNew, value, error, onChange }: Props) {
  const t = useText();
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <TextField
        label={t("access.password")}
        hint={isNew ? t("access.passwordHint") : undefined}
        error={error}
        type={shown ? "text" : "password"}
        name="password"
        autoComplete={isNew ? "new-password" : "current-password"}
        value={value}
        onChange={onChange}
      />
      <IconButton
        icon={shown ? EyeOff : Eye}
        label={t(shown ? "access.hide" : "access.show")}
        onClick={() => setShown(!shown)}
        className="absolute top-6.5 right-0"
      />
    </div>
  );
}
