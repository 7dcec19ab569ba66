import type { HistorySearch } from "@/app/routes";
import { Select, TextField } from "@/design/Field";
import { useTyped } from "@/design/useTyped";
import { type TextKey, useText } from "@/words/text";

const STATES = [
  "queued",
  "running",
  "paused",
  "awaiting_review",
  "completed",
  "completed_with_errors",
  "failed",
  "cancelled",
] as const;

interface Props {
  filter: HistorySearch;
  onChange: (next: HistorySearch) => void;
}

export function Filters({ filter, onChange }: Props) {
  const t = useText();
  const [text, setText] = useTyped(filter.search ?? "", (found) =>
    onChange(cleaned({ ...filter, search: found })),
  );

  return (
    <search className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_14rem]">
      <TextField
        label={t("history.search")}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Select
        label={t("history.state")}
        value={filter.state ?? ""}
        onChange={(event) => onChange(cleaned({ ...filter, state: event.target.value }))}
      >
        <option value="">{t("common.all")}</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {t(`state.${state}` as TextKey)}
          </option>
        ))}
      </Select>
    </search>
  );
}

function cleaned(search: HistorySearch): HistorySearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value));
}
