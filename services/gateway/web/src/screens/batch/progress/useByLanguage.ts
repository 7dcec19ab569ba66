import { useQuery } from "@tanstack/react-query";
import { breakdownQuery } from "@/api/breakdown";
import type { Counts } from "@/live/stages";
import type { LiveView } from "@/live/view";

/** How far each language is: as told live, and as read where nothing was told yet. */
export function useByLanguage(batchId: string, view: LiveView): Record<string, Counts> {
  const read = useQuery(breakdownQuery(batchId));
  const told = view.byLanguage;
  return Object.keys(told).length > 0 ? told : (read.data?.by_language ?? {});
}
