import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy, Plus, Trash2, UserRoundPen } from "lucide-react";
import { useState } from "react";
import { agentsQuery, deleteAgent, duplicateAgent } from "@/api/agents";
import type { Agent } from "@/api/types";
import { buttonLook, IconButton } from "@/design/Button";
import { Confirm } from "@/design/Confirm";
import { Page } from "@/design/Page";
import { useProblemText } from "@/design/problemText";
import { Empty, Failed, Loading } from "@/design/States";
import { say } from "@/design/Toasts";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";

export function Agents() {
  const t = useText();
  const agents = useQuery(agentsQuery);
  const make = (
    <Link to="/agents/$agentId" params={{ agentId: "new" }} className={buttonLook("primary")}>
      <Plus aria-hidden className="size-4" />
      {t("agents.make")}
    </Link>
  );
  return (
    <Page
      title={t("agents.title")}
      lead={t("agents.lead")}
      actions={agents.data?.length ? make : undefined}
    >
      {agents.isPending && <Loading rows={4} />}
      {agents.isError && <Failed error={agents.error} onRetry={() => void agents.refetch()} />}
      {agents.data?.length === 0 && (
        <Empty icon={UserRoundPen} title={t("agents.empty")} action={make}>
          {t("agents.emptyText")}
        </Empty>
      )}
      {agents.data && agents.data.length > 0 && (
        <ul className="overflow-hidden rounded-xl border border-line bg-surface">
          {agents.data.map((agent) => (
            <AgentRow key={agent.agent_id} agent={agent} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function AgentRow({ agent }: { agent: Agent }) {
  const t = useText();
  const format = useFormat();
  const problem = useProblemText();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const settle = {
    onSuccess: () => {
      setAsking(false);
      void client.invalidateQueries({ queryKey: agentsQuery.queryKey });
    },
    onError: (error: unknown) => say(problem(error).title, "bad"),
  };
  const duplicating = useMutation({ mutationFn: () => duplicateAgent(agent.agent_id), ...settle });
  const deleting = useMutation({ mutationFn: () => deleteAgent(agent.agent_id), ...settle });
  return (
    <li className="flex items-center gap-1 border-t border-line pr-3 first:border-t-0">
      <Link
        to="/agents/$agentId"
        params={{ agentId: agent.agent_id }}
        className="min-w-0 flex-1 px-5 py-3.5 -outline-offset-2 hover:bg-sunken"
      >
        <span className="block truncate font-medium">{agent.name}</span>
        <span className="block truncate text-sm text-muted">
          {format.language(agent.language)} · {format.when(agent.updated_at)}
        </span>
      </Link>
      <IconButton
        icon={Copy}
        label={t("agents.duplicate", { name: agent.name ?? "" })}
        onClick={() => duplicating.mutate()}
      />
      <IconButton
        icon={Trash2}
        label={t("agents.delete", { name: agent.name ?? "" })}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <Confirm
          title={t("agents.deleteTitle")}
          action={t("common.remove")}
          busy={deleting.isPending}
          onConfirm={() => deleting.mutate()}
          onClose={() => setAsking(false)}
        >
          {t("agents.deleteText", { name: agent.name ?? "" })}
        </Confirm>
      )}
    </li>
  );
}
