import { type FormEvent, useState } from "react";
import { changePassword, sessionsQuery } from "@/api/security";
import { Button } from "@/design/Button";
import { TextField } from "@/design/Field";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";

const SHORTEST = 8;

export function Password() {
  const t = useText();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const changing = useChange(() => changePassword(current, next), {
    reads: sessionsQuery.queryKey,
    onDone: () => {
      setCurrent("");
      setNext("");
      say(t("security.changed"));
    },
  });

  function send(event: FormEvent) {
    event.preventDefault();
    changing.mutate();
  }

  return (
    <form onSubmit={send} className="grid items-start gap-4 sm:grid-cols-2">
      <TextField
        label={t("security.current")}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label={t("security.next")}
        hint={t("access.passwordHint")}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      <div className="sm:col-span-2">
        <Button
          type="submit"
          busy={changing.isPending}
          disabled={!current || next.length < SHORTEST}
        >
          {t("security.change")}
        </Button>
      </div>
    </form>
  );
}
