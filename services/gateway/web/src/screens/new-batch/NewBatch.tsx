import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { preferencesQuery } from "@/api/preferences";
import type { Mode } from "@/api/types";
import { Page } from "@/design/Page";
import { useText } from "@/words/text";
import { AgentSection } from "./agent/AgentSection";
import { completed, requestOf, sizeOf } from "./draft/draft";
import { useDraft } from "./draft/store";
import { sendDraft } from "./draft/submit";
import { LanguagesSection } from "./languages/LanguagesSection";
import { ModeSelector } from "./ModeSelector";
import { ControlSection } from "./options/ControlSection";
import { OptionsSection } from "./options/OptionsSection";
import { Summary } from "./summary/Summary";
import { TitlesSection } from "./titles/TitlesSection";
import { VariationsSection } from "./variations/VariationsSection";
import { VoicesSection } from "./voices/VoicesSection";

export function NewBatch() {
  const t = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [open, change] = useDraft();
  const likes = useQuery(preferencesQuery).data;
  const draft = useMemo(() => completed(open, likes), [open, likes]);
  const settled = useDeferredValue(draft);
  const size = useMemo(() => sizeOf(settled), [settled]);

  const sending = useMutation({
    mutationFn: () => sendDraft(requestOf(draft)),
    onSuccess: (batch) => {
      void client.invalidateQueries({ queryKey: ["batches"] });
      void navigate({ to: "/batches/$batchId", params: { batchId: batch.batch_id } });
    },
  });

  function changeMode(mode: Mode) {
    // One language is what this mode is about: the first one stays.
    const languages = mode === "expand_titles" ? draft.languages.slice(0, 1) : draft.languages;
    change({ mode, languages });
  }

  return (
    <Page title={t("newBatch.title")} lead={t("newBatch.lead")}>
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <form className="flex min-w-0 flex-col gap-5" onSubmit={(event) => event.preventDefault()}>
          <ModeSelector value={draft.mode} onChange={changeMode} />
          <TitlesSection draft={draft} onChange={change} />
          <LanguagesSection draft={draft} onChange={change} />
          <VoicesSection draft={draft} onChange={change} />
          <VariationsSection draft={draft} onChange={change} />
          <AgentSection draft={draft} onChange={change} />
          <OptionsSection draft={draft} onChange={change} />
          <ControlSection draft={draft} onChange={change} />
        </form>
        <div className="xl:sticky xl:top-8">
          <Summary
            draft={draft}
            size={size}
            busy={sending.isPending || sending.isSuccess}
            error={sending.error}
            onSend={() => sending.mutate()}
          />
        </div>
      </div>
    </Page>
  );
}
