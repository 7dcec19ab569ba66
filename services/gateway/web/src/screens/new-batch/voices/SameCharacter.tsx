import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { voicesQuery } from "@/api/catalogue";
import { Select } from "@/design/Field";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { characterOf, nameOf, sameCharacter } from "@/voice/character";
import { useText } from "@/words/text";

interface Props {
  languages: string[];
  onChoose: (voices: Record<string, string[]>) => void;
}

/** One choice for all languages: the same narrator speaks wherever they can. */
export function SameCharacter({ languages, onChoose }: Props) {
  const t = useText();
  const problem = useProblemText();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const first = useQuery(voicesQuery(languages[0] ?? ""));

  async function choose(character: string) {
    setBusy(true);
    try {
      const chosen: Record<string, string[]> = {};
      let missing = 0;
      await Promise.all(
        languages.map(async (code) => {
          const voice = character
            ? sameCharacter(character, await client.ensureQueryData(voicesQuery(code)))
            : undefined;
          chosen[code] = voice ? [voice.id] : [];
          if (character && !voice) missing += 1;
        }),
      );
      onChoose(chosen);
      if (missing) say(t("newBatch.voices.missing", { count: missing }), "bad");
    } catch (error) {
      say(problem(error).title, "bad");
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="mb-4 sm:max-w-sm">
      <Select
        label={t("newBatch.voices.same")}
        disabled={busy || !first.data}
        value=""
        onChange={(event) => void choose(event.target.value === "-" ? "" : event.target.value)}
      >
        <option value="" disabled>
          {t("newBatch.voices.choosePlease")}
        </option>
        <option value="-">{t("newBatch.voices.default")}</option>
        {first.data?.map((voice) => (
          <option key={voice.id} value={characterOf(voice)}>
            {nameOf(voice)} ({t(`voice.${voice.gender}` as "voice.female")})
          </option>
        ))}
      </Select>
    </div>
  );
}
