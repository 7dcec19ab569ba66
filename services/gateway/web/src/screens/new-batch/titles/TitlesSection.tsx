import { Upload } from "lucide-react";
import { type DragEvent, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { Card } from "@/design/Card";
import { say } from "@/design/Toasts";
import { useText } from "@/words/text";
import type { Draft } from "../draft/draft";
import { ImportDialog } from "../import/ImportDialog";
import { Findings } from "./Findings";
import { findingsIn, splitTitles, withoutDuplicates } from "./findings";
import { isSheet, titlesOfFile } from "./table";

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

export function TitlesSection({ draft, onChange }: Props) {
  const t = useText();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [over, setOver] = useState(false);
  const [sheet, setSheet] = useState<File | null>(null);
  // Thousands of lines are checked after the letter is on the screen, not before.
  const text = useDeferredValue(draft.titles);
  const titles = useMemo(() => splitTitles(text), [text]);
  const findings = useMemo(() => findingsIn(titles), [titles]);
  const single = draft.mode === "expand_languages";

  async function take(files: FileList | null) {
    const file = files?.[0];
    if (!file) return;
    if (isSheet(file.name, await firstLine(file))) {
      setSheet(file);
      return;
    }
    const found = titlesOfFile(file.name, await file.text());
    const before = draft.titles.trim();
    onChange({ titles: [before, ...found].filter(Boolean).join("\n") });
    say(t("newBatch.titles.taken", { count: found.length, file: file.name }));
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  }

  return (
    <Card
      title={t("newBatch.titles.heading")}
      actions={<FileButton onFiles={(files) => void take(files)} />}
    >
      <label htmlFor={id} className="mb-1.5 block text-sm text-muted">
        {t(single ? "newBatch.titles.single" : "newBatch.titles.label")}
      </label>
      <textarea
        id={id}
        ref={area}
        rows={single ? 2 : 6}
        value={draft.titles}
        aria-describedby={`${id}-count`}
        placeholder={t(single ? "newBatch.titles.exampleOne" : "newBatch.titles.example")}
        onChange={(event) => onChange({ titles: event.target.value })}
        onDrop={drop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        className={`w-full resize-y rounded-lg border bg-surface px-3 py-2 text-base leading-relaxed placeholder:text-muted sm:text-sm ${over ? "border-accent outline-2 outline-accent" : "border-edge"}`}
      />
      <p id={`${id}-count`} className="mt-1.5 text-sm text-muted">
        {t("unit.titles", { count: titles.length })}
      </p>
      <Findings
        titles={titles}
        findings={findings}
        single={single}
        onMode={() => onChange({ mode: "matrix" })}
        onCleanUp={() => onChange({ titles: withoutDuplicates(draft.titles) })}
        onShow={(line) => select(area.current, line)}
      />
      {sheet && <ImportDialog file={sheet} draft={draft} onClose={() => setSheet(null)} />}
    </Card>
  );
}

const FIRST_LINE_BYTES = 2_000;

function firstLine(file: File): Promise<string> {
  return file.slice(0, FIRST_LINE_BYTES).text();
}

function FileButton({ onFiles }: { onFiles: (files: FileList | null) => void }) {
  const t = useText();
  return (
    <label className="relative inline-flex min-h-10 items-center gap-2 rounded-lg border border-edge px-3 text-sm font-medium hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <Upload aria-hidden className="size-4" />
      {t("newBatch.titles.file")}
      <input
        type="file"
        accept=".csv,.tsv,.txt,.xlsx"
        className="absolute inset-0 w-full cursor-pointer opacity-0"
        onChange={(event) => {
          onFiles(event.target.files);
          event.target.value = "";
        }}
      />
    </label>
  );
}

function select(area: HTMLTextAreaElement | null, line: number): void {
  if (!area) return;
  const before = area.value.split("\n").slice(0, line - 1);
  const start = before.reduce((sum, each) => sum + each.length + 1, 0);
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
}
