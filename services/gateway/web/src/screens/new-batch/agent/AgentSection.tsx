import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { agentsQuery } from "@/api/agents";
import { Card } from "@/design/Card";
import { Select } from "@/design/Field";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import type { Draft } from "../draft/draft";

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** Who writes. Without agents of one's own there is nothing to choose, only where to make one. */
export function AgentSection({ draft, onChange }: Props) {
  const t = useText();
  const format = useFormat();
  const agents = useQuery(agentsQuery);
  const found = agents.data ?? [];
  return (
    <Card
      title={t("newBatch.agent.heading")}
      actions={
        <Link to="/agents" className="text-sm text-accent underline underline-offset-2">
          {t("newBatch.agent.edit")}
        </Link>
      }
    >
      <div className="sm:max-w-sm">
        <Select
          label={t("newBatch.agent.label")}
          hint={t("newBatch.agent.hint")}
          value={
            found.some((agent) => agent.agent_id === draft.agentId) ? (draft.agentId ?? "") : ""
          }
          onChange={(event) => onChange({ agentId: event.target.value || null })}
        >
          <option value="">{t("newBatch.agent.none")}</option>
          {found.map((agent) => (
            <option key={agent.agent_id} value={agent.agent_id}>
              {agent.name} ({format.language(agent.language)})
            </option>
          ))}
        </Select>
      </div>
    </Card>
  );
}
