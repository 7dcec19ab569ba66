import type { TextKey, Translate } from "./text";

const STAGES = ["scripter", "adapter", "narrator", "aggregator", "gateway", "review"];

/** Returns what a stage does, for people; its name where it is none of ours. */
export function stageName(t: Translate, stage: string): string {
  return STAGES.includes(stage) ? t(`stage.${stage}` as TextKey) : stage;
}
