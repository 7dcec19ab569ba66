import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";

export function reviewsQuery(batchId: string) {
  return queryOptions({
    queryKey: ["review", batchId],
    queryFn: async ({ signal }) => {
      const params = { path: { batch_id: batchId } };
      return got(api.GET("/v1/batches/{batch_id}/review", { params, signal }));
    },
  });
}

export function sentencesQuery(jobId: string, version: string) {
  return queryOptions({
    queryKey: ["sentences", jobId, version],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/jobs/{job_id}/script/sentences", {
          params: { path: { job_id: jobId } },
          signal,
        }),
      ),
  });
}

/** Changes sentences by their place in the text that `etag` names, and in no other. */
export function changeSentences(jobId: string, etag: string, changes: ReadonlyMap<number, string>) {
  const sentences = [...changes].map(([index, text]) => ({ index, text }));
  const params = { path: { job_id: jobId }, header: { "if-match": etag } };
  return got(api.PATCH("/v1/jobs/{job_id}/script", { params, body: { sentences } }));
}

export function replaceText(jobId: string, etag: string, text: string) {
  const params = { path: { job_id: jobId }, header: { "if-match": etag } };
  return got(api.PUT("/v1/jobs/{job_id}/script", { params, body: { text } }));
}

export function approve(jobId: string) {
  return got(api.POST("/v1/jobs/{job_id}/approve", { params: { path: { job_id: jobId } } }));
}

export function reject(jobId: string, note: string, again: boolean) {
  const params = { path: { job_id: jobId } };
  return got(api.POST("/v1/jobs/{job_id}/reject", { params, body: { note, again } }));
}
