import { X } from "lucide-react";
import { useState } from "react";
import type { AgentDraft } from "@/api/types";
import { IconButton } from "@/design/Button";
import { Card } from "@/design/Card";
import { TextArea } from "@/design/Field";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import { glossaryOf, glossaryText } from "./agent";
import { LanguageField } from "./LanguageField";

interface Props {
  agent: AgentDraft;
  onChange: (part: Partial<AgentDraft>) => void;
}

/** What to mind in one language, and how terms are said there. */
export function PerLanguage({ agent, onChange }: Props) {
  const t = useText();
  const configs = agent.cultural_configs ?? {};
  const glossary = agent.glossary ?? {};
  const [codes, setCodes] = useState(() => [
    ...new Set([...Object.keys(configs), ...Object.keys(glossary)]),
  ]);

  function remove(code: string) {
    const { [code]: _, ...otherConfigs } = configs;
    const { [code]: __, ...otherTerms } = glossary;
    setCodes(codes.filter((each) => each !== code));
    onChange({ cultural_configs: otherConfigs, glossary: otherTerms });
  }

  return (
    <Card title={t("agents.perLanguage")}>
      <p className="mb-4 text-sm text-muted">{t("agents.perLanguageHint")}</p>
      {codes.map((code) => (
        <LanguageRules
          key={code}
          code={code}
          config={configs[code] ?? ""}
          terms={glossary[code] ?? {}}
          onConfig={(text) => onChange({ cultural_configs: { ...configs, [code]: text } })}
          onTerms={(terms) => onChange({ glossary: { ...glossary, [code]: terms } })}
          onRemove={() => remove(code)}
        />
      ))}
      <div className="sm:max-w-sm">
        <LanguageField
          label={t("agents.addLanguage")}
          value=""
          without={codes}
          onChange={(code) => setCodes([...codes, code])}
        />
      </div>
    </Card>
  );
}

interface RulesProps {
  code: string;
  config: string;
  terms: Record<string, string>;
  onConfig: (text: string) => void;
  onTerms: (terms: Record<string, string>) => void;
  onRemove: () => void;
}

function LanguageRules({ code, config, terms, onConfig, onTerms, onRemove }: RulesProps) {
  const t = useText();
  const format = useFormat();
  // As it is typed: a line is no pair of terms before it is finished.
  const [text, setText] = useState(() => glossaryText(terms));
  return (
    <fieldset className="mb-5 border-b border-line pb-5">
      <legend className="sr-only">{format.language(code)}</legend>
      <div className="mb-2 flex items-center justify-between">
        <p className="text-sm font-medium">{format.language(code)}</p>
        <IconButton
          icon={X}
          label={t("newBatch.languages.remove", { name: format.language(code) })}
          onClick={onRemove}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextArea
          label={t("agents.mind")}
          value={config}
          onChange={(event) => onConfig(event.target.value)}
        />
        <TextArea
          label={t("agents.glossary")}
          placeholder={t("agents.glossaryExample")}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            onTerms(glossaryOf(event.target.value));
          }}
        />
      </div>
    </fieldset>
  );
}
