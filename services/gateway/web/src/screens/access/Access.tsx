import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { register, signIn } from "@/api/access";
import { Problem } from "@/api/problem";
import { Button } from "@/design/Button";
import { TextField } from "@/design/Field";
import { Notice } from "@/design/Notice";
import { useProblemText } from "@/design/problemText";
import { useText } from "@/words/text";
import { AccessFrame } from "./AccessFrame";
import { PasswordField } from "./PasswordField";

const SHORTEST_PASSWORD = 8;

export function Access() {
  const t = useText();
  const navigate = useNavigate();
  const { next, ended } = useSearch({ from: "/sign-in" });
  const [isNew, setNew] = useState(false);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const say = useAccessError();

  const emailError =
    sent && !/^\S+@\S+\.\S+$/.test(email.trim()) ? t("access.emailWrong") : undefined;
  const tooShort = isNew && password.length < SHORTEST_PASSWORD;
  const passwordError = sent && (tooShort || !password) ? t("access.passwordShort") : undefined;

  async function send(event: FormEvent) {
    event.preventDefault();
    setSent(true);
    setError(null);
    if (!/^\S+@\S+\.\S+$/.test(email.trim()) || tooShort || !password) return;
    setBusy(true);
    try {
      await (isNew ? register : signIn)(email.trim(), password);
      await navigate({ to: next ?? "/", replace: true });
    } catch (problem) {
      setError(say(problem, isNew));
      setBusy(false);
    }
  }

  return (
    <AccessFrame title={t(isNew ? "access.register" : "access.signIn")}>
      {ended && !error && <Notice tone="info">{t("access.ended")}</Notice>}
      {error && <Notice tone="bad" title={error} />}
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <TextField
          label={t("access.email")}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          error={emailError}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PasswordField
          isNew={isNew}
          value={password}
          error={passwordError}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" busy={busy} className="mt-2">
          {t(isNew ? "access.register" : "access.signIn")}
        </Button>
      </form>
      <Button
        look="quiet"
        onClick={() => {
          setNew(!isNew);
          setSent(false);
          setError(null);
        }}
      >
        {t(isNew ? "access.haveAccount" : "access.noAccount")}
      </Button>
    </AccessFrame>
  );
}

function useAccessError() {
  const t = useText();
  const read = useProblemText();
  return (error: unknown, isNew: boolean): string => {
    if (error instanceof Problem && error.status === 401) return t("access.wrong");
    if (error instanceof Problem && error.status === 409 && isNew) return t("access.taken");
    const { title, detail } = read(error);
    return detail ? `${title}: ${detail}` : title;
  };
}
