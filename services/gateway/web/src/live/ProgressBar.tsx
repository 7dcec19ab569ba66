import { StackedBar } from "@/design/StackedBar";
import { type TextKey, useText } from "@/words/text";
import { type Counts, percentEnded, STAGES, total } from "./stages";

interface Props {
  label: string;
  counts: Counts;
  thin?: boolean;
}

/** How far jobs are, drawn: each state its colour, each job its share. */
export function ProgressBar({ label, counts, thin = false }: Props) {
  const t = useText();
  const all = total(counts);
  const parts = STAGES.map(({ state, fill }) => ({
    name: t(`state.${state}` as TextKey),
    share: all ? (counts[state] ?? 0) / all : 0,
    fill,
  }));
  return <StackedBar label={label} percent={percentEnded(counts, all)} parts={parts} thin={thin} />;
}
