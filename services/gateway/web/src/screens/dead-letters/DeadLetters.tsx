import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Lock, MailCheck, Send } from "lucide-react";
import { useState } from "react";
import { meQuery } from "@/api/access";
import { type Letter, lettersQuery, redrive } from "@/api/deadLetters";
import { Button } from "@/design/Button";
import { Page } from "@/design/Page";
import { Empty, Failed, Loading } from "@/design/States";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useText } from "@/words/text";
import { LetterDialog } from "./LetterDialog";
import { LetterRow } from "./LetterRow";

/** For admins; others are told so, and nothing is asked that would be refused. */
export function DeadLetters() {
  const t = useText();
  const me = useQuery(meQuery);
  if (me.data?.role === "admin") return <Letters />;
  return (
    <Page title={t("deadLetters.title")}>
      {me.isPending && <Loading rows={5} />}
      {me.isError && <Failed error={me.error} onRetry={() => void me.refetch()} />}
      {me.data && (
        <Empty icon={Lock} title={t("common.admins")}>
          {t("common.adminsText")}
        </Empty>
      )}
    </Page>
  );
}

function Letters() {
  const t = useText();
  const found = useInfiniteQuery(lettersQuery);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Letter | null>(null);
  const letters = found.data?.pages.flatMap((page) => page.items) ?? [];
  const sending = useChange(() => redrive([...chosen]), {
    reads: lettersQuery.queryKey,
    onDone: (result) => {
      setChosen(new Set());
      say(t("deadLetters.redriven", { count: result.redriven }));
    },
  });

  function choose(id: string, wanted: boolean) {
    const next = new Set(chosen);
    if (wanted) next.add(id);
    else next.delete(id);
    setChosen(next);
  }

  return (
    <Page
      title={t("deadLetters.title")}
      lead={t("deadLetters.lead")}
      actions={
        letters.length > 0 && (
          <Button
            look="primary"
            icon={Send}
            disabled={chosen.size === 0}
            busy={sending.isPending}
            onClick={() => sending.mutate()}
          >
            {t("deadLetters.redriveChosen", { count: chosen.size })}
          </Button>
        )
      }
    >
      {found.isPending && <Loading rows={5} />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && letters.length === 0 && (
        <Empty icon={MailCheck} title={t("deadLetters.empty")}>
          {t("deadLetters.emptyText")}
        </Empty>
      )}
      {letters.length > 0 && (
        <ul className="overflow-hidden rounded-xl border border-line bg-surface">
          {letters.map((letter) => (
            <LetterRow
              key={letter.letter_id}
              letter={letter}
              chosen={chosen.has(letter.letter_id)}
              onChoose={(wanted) => choose(letter.letter_id, wanted)}
              onOpen={() => setOpen(letter)}
            />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
      {open && <LetterDialog letter={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
