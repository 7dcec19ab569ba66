import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { agentQuery } from "@/api/agents";
import type { AgentDraft } from "@/api/types";
import { Page } from "@/design/Page";
import { Failed, Loading } from "@/design/States";
import { useUiLanguage } from "@/words/language";
import { useText } from "@/words/text";
import { AgentForm } from "./AgentForm";
import { emptyAgent } from "./agent";

export function AgentEditor() {
  const t = useText();
  const ui = useUiLanguage();
  const { agentId } = useParams({ from: "/shell/agents/$agentId" });
  const isNew = agentId === "new";
  const agent = useQuery({ ...agentQuery(agentId), enabled: !isNew, refetchOnWindowFocus: false });
  if (isNew) {
    return (
      <Page title={t("agents.make")} lead={t("agents.formLead")}>
        <AgentForm agentId={null} initial={emptyAgent(ui)} />
      </Page>
    );
  }
  return (
    <Page title={agent.data?.name ?? t("agents.title")} lead={t("agents.formLead")}>
      {agent.isPending && <Loading rows={6} />}
      {agent.isError && <Failed error={agent.error} onRetry={() => void agent.refetch()} />}
      {agent.data && <AgentForm agentId={agentId} initial={draftOf(agent.data)} />}
    </Page>
  );
}

/** What may be written of what was read. */
function draftOf(agent: AgentDraft & Record<string, unknown>): AgentDraft {
  const { agent_id: _, version: __, created_at: ___, updated_at: ____, ...draft } = agent;
  return draft as AgentDraft;
}
