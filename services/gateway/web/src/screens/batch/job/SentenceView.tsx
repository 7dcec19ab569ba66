import { Check, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { Sentence } from "@/api/types";
import { IconButton } from "@/design/Button";
import { useText } from "@/words/text";

interface Props {
  sentence: Sentence;
  changed: string | undefined;
  mayChange: boolean;
  onChange: (text: string) => void;
}

/** A sentence among others; chosen, it becomes a field. Enter keeps it, Escape does not. */
export function SentenceView({ sentence, changed, mayChange, onChange }: Props) {
  const t = useText();
  const [text, setText] = useState<string | null>(null);
  const shown = changed ?? sentence.text;

  function keep() {
    if (text !== null) onChange(text.trim());
    setText(null);
  }

  function press(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      keep();
    }
    if (event.key === "Escape") {
      // The dialog around it stays open.
      event.preventDefault();
      event.stopPropagation();
      setText(null);
    }
  }

  if (text !== null) {
    return (
      <span className="my-1 flex items-start gap-1">
        <textarea
          // biome-ignore lint/a11y/noAutofocus: the user has just chosen this sentence
          autoFocus
          rows={Math.min(6, Math.ceil(text.length / 60) + 1)}
          value={text}
          aria-label={t("job.sentence")}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={press}
          className="w-full resize-y rounded-lg border border-edge bg-surface px-3 py-2"
        />
        <IconButton icon={Check} label={t("job.keep")} onClick={keep} />
        <IconButton icon={X} label={t("common.cancel")} onClick={() => setText(null)} />
      </span>
    );
  }
  if (!mayChange) return <>{shown} </>;
  const look = changed === undefined ? "hover:bg-sunken" : "bg-accent-soft";
  return (
    <>
      <button
        type="button"
        aria-label={t("job.editSentence", { text: shown || t("job.leftOut") })}
        onClick={() => setText(shown)}
        className={`inline rounded text-start ${look} ${shown ? "" : "text-muted line-through"}`}
      >
        {shown || sentence.text}
      </button>{" "}
    </>
  );
}
