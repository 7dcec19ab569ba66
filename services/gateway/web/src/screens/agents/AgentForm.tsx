import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Save } from "lucide-react";
import { useState } from "react";
import { agentsQuery, saveAgent } from "@/api/agents";
import type { AgentDraft } from "@/api/types";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { TextArea, TextField } from "@/design/Field";
import { say } from "@/design/Toasts";
import { useText } from "@/words/text";
import { SendProblem } from "../new-batch/summary/SendProblem";
import { termsOf } from "./agent";
import { LanguageField } from "./LanguageField";
import { PerLanguage } from "./PerLanguage";

const PROMPTS = [
  "premise_prompt",
  "persona_prompt",
  "block_structure_prompt",
  "cultural_adaptation_prompt",
] as const;

interface Props {
  agentId: string | null;
  initial: AgentDraft;
}

export function AgentForm({ agentId, initial }: Props) {
  const t = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [agent, setAgent] = useState(initial);
  const [terms, setTerms] = useState((initial.do_not_translate ?? []).join("\n"));
  const [sent, setSent] = useState(false);
  const change = (part: Partial<AgentDraft>) => setAgent({ ...agent, ...part });
  const nameless = agent.name.trim() === "";

  const saving = useMutation({
    mutationFn: () => saveAgent(agentId, { ...agent, do_not_translate: termsOf(terms) }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: agentsQuery.queryKey });
      say(t("common.saved"));
      void navigate({ to: "/agents" });
    },
  });

  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        setSent(true);
        if (!nameless) saving.mutate();
      }}
    >
      <Card>
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            label={t("agents.name")}
            maxLength={200}
            value={agent.name}
            error={sent && nameless ? t("agents.needsName") : undefined}
            onChange={(event) => change({ name: event.target.value })}
          />
          <LanguageField
            label={t("agents.language")}
            value={agent.language}
            onChange={(language) => change({ language })}
          />
        </div>
      </Card>
      <Card title={t("agents.prompts")}>
        <div className="flex flex-col gap-5">
          {PROMPTS.map((name) => (
            <TextArea
              key={name}
              label={t(`agents.${name}`)}
              hint={t(`agents.${name}_hint`)}
              maxLength={20_000}
              value={agent[name]}
              onChange={(event) => change({ [name]: event.target.value })}
            />
          ))}
          <TextArea
            label={t("agents.terms")}
            hint={t("agents.termsHint")}
            rows={3}
            value={terms}
            onChange={(event) => setTerms(event.target.value)}
          />
        </div>
      </Card>
      <PerLanguage agent={agent} onChange={change} />
      {saving.error && <SendProblem error={saving.error} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" icon={Save} busy={saving.isPending}>
          {t("common.save")}
        </Button>
      </div>
    </form>
  );
}
