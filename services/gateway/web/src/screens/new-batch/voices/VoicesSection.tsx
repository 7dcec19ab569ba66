import { useState } from "react";
import { Card } from "@/design/Card";
import { useFormat } from "@/words/format";
import { useText } from "@/words/text";
import type { Draft } from "../draft/draft";
import { SameCharacter } from "./SameCharacter";
import { VoiceDialog } from "./VoiceDialog";
import { VoiceRow } from "./VoiceRow";

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** Who speaks each language. Nothing has to be chosen: every language has a default voice. */
export function VoicesSection({ draft, onChange }: Props) {
  const t = useText();
  const format = useFormat();
  const [open, setOpen] = useState<string | null>(null);
  if (draft.languages.length === 0) return null;

  function choose(language: string, ids: string[]) {
    onChange({ voices: { ...draft.voices, [language]: ids } });
  }

  return (
    <Card title={t("newBatch.voices.heading")}>
      {draft.languages.length > 1 && (
        <SameCharacter
          languages={draft.languages}
          onChoose={(voices) => onChange({ voices: { ...draft.voices, ...voices } })}
        />
      )}
      <ul className="max-h-96 overflow-y-auto rounded-lg border border-line">
        {draft.languages.map((code) => (
          <VoiceRow
            key={code}
            language={code}
            name={format.language(code)}
            chosen={draft.voices[code] ?? []}
            onOpen={() => setOpen(code)}
          />
        ))}
      </ul>
      {open && (
        <VoiceDialog
          language={open}
          chosen={draft.voices[open] ?? []}
          onChoose={(ids) => choose(open, ids)}
          onClose={() => setOpen(null)}
        />
      )}
    </Card>
  );
}
