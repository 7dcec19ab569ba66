import { queryOptions } from "@tanstack/react-query";
import { api, fetchFile, got } from "./client";

export function jobQuery(batchId: string, jobId: string) {
  return queryOptions({
    queryKey: ["job", batchId, jobId],
    queryFn: ({ signal }) =>
      got(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: jobId } }, signal })),
  });
}

export function logQuery(jobId: string) {
  return queryOptions({
    queryKey: ["log", jobId],
    queryFn: async ({ signal }) => {
      const params = { path: { job_id: jobId } };
      return (await got(api.GET("/v1/jobs/{job_id}/log", { params, signal }))).items;
    },
    refetchInterval: 3_000,
  });
}

/** A text of a job; `version` tells one making of it from the next. */
export function textQuery(path: string, version: string) {
  return queryOptions({
    queryKey: ["text", path, version],
    queryFn: async ({ signal }) => (await fetchFile(path, signal)).text(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The sound of a job, whole: players need an address, and addresses carry no tokens. */
export function audioQuery(path: string, version: string) {
  return queryOptions({
    queryKey: ["audio", path, version],
    queryFn: async ({ signal }) => (await fetchFile(path, signal)).blob(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

export function retryJob(jobId: string) {
  return got(api.POST("/v1/jobs/{job_id}/retry", { params: { path: { job_id: jobId } } }));
}
