import { useQuery } from "@tanstack/react-query";
import { endSession, sessionsQuery } from "@/api/security";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Failed, Loading } from "@/design/States";
import { say } from "@/design/Toasts";
import { useChange } from "@/design/useChange";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { browserName } from "./browserName";

export function Sessions() {
  const t = useText();
  const format = useFormat();
  const sessions = useQuery(sessionsQuery);
  const ending = useChange(endSession, {
    reads: sessionsQuery.queryKey,
    onDone: () => say(t("security.ended")),
  });
  if (sessions.isPending) return <Loading rows={2} />;
  if (sessions.isError) {
    return <Failed error={sessions.error} onRetry={() => void sessions.refetch()} />;
  }
  return (
    <ul>
      {sessions.data.map((session) => (
        <li
          key={session.session_id}
          className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3 first:border-t-0"
        >
          <div className="min-w-44 flex-1 text-sm">
            <p className="flex flex-wrap items-center gap-2 font-medium">
              {browserName(session.user_agent)}
              {session.current && <Badge tone="accent">{t("security.thisOne")}</Badge>}
            </p>
            <p className="text-muted">
              {[
                session.address,
                t("security.lastSeen", { when: format.when(session.last_used_at) }),
              ].join(" · ")}
            </p>
          </div>
          {!session.current && (
            <Button onClick={() => ending.mutate(session.session_id)}>{t("security.end")}</Button>
          )}
        </li>
      ))}
    </ul>
  );
}
