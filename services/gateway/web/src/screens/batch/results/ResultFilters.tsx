import type { BatchSearch } from "@/app/routes";
import { Select, TextField } from "@/design/Field";
import { useTyped } from "@/design/useTyped";
import type { LiveView } from "@/live/view";
import { type TextKey, useText } from "@/words/text";

const STATES = [
  "completed",
  "failed",
  "awaiting_review",
  "narrating",
  "adapting",
  "scripting",
  "queued",
  "cancelled",
] as const;
const SORTS = ["title", "language", "state", "audio_seconds", "updated_at"] as const;

interface Props {
  search: BatchSearch;
  view: LiveView;
  onChange: (next: BatchSearch) => void;
}

export function ResultFilters({ search, view, onChange }: Props) {
  const t = useText();
  const [text, setText] = useTyped(search.search ?? "", (found) => onChange({ search: found }));

  return (
    <search className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-[minmax(0,1fr)_11rem_11rem]">
      <div className="col-span-2 md:col-span-1">
        <TextField
          label={t("batch.search")}
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Select
        label={t("history.state")}
        value={search.state ?? ""}
        onChange={(event) => onChange({ state: event.target.value })}
      >
        <option value="">{t("common.all")}</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {t(`state.${state}` as TextKey)} ({view.counts[state] ?? 0})
          </option>
        ))}
      </Select>
      <Select
        label={t("batch.sort")}
        value={search.sort ?? ""}
        onChange={(event) => onChange({ sort: event.target.value })}
      >
        <option value="">{t("batch.sortPosition")}</option>
        {SORTS.flatMap((column) => [
          <option key={column} value={column}>
            {t(`batch.sort_${column}` as TextKey)} ↑
          </option>,
          <option key={`-${column}`} value={`-${column}`}>
            {t(`batch.sort_${column}` as TextKey)} ↓
          </option>,
        ])}
      </Select>
    </search>
  );
}
