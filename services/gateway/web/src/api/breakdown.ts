import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";

/** How the jobs of a batch stand by language, and what failed by cause. */
export function breakdownQuery(batchId: string) {
  return queryOptions({
    queryKey: ["breakdown", batchId],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/batches/{batch_id}/breakdown", {
          params: { path: { batch_id: batchId } },
          signal,
        }),
      ),
  });
}
