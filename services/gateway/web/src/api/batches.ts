import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { BatchState, JobState } from "./types";

export interface BatchFilter {
  state?: string | undefined;
  search?: string | undefined;
}

const PAGE = 25;

export function batchesQuery(filter: BatchFilter) {
  return infiniteQueryOptions({
    queryKey: ["batches", filter],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: PAGE,
        ...(filter.state ? { state: filter.state as BatchState } : {}),
        ...(filter.search ? { search: filter.search } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return got(api.GET("/v1/batches", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}

export function batchQuery(batchId: string) {
  return queryOptions({
    queryKey: ["batch", batchId],
    queryFn: ({ signal }) =>
      got(api.GET("/v1/batches/{batch_id}", { params: { path: { batch_id: batchId } }, signal })),
  });
}

export function usageQuery(batchId: string) {
  return queryOptions({
    queryKey: ["usage", batchId],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/batches/{batch_id}/usage", {
          params: { path: { batch_id: batchId } },
          signal,
        }),
      ),
  });
}

export type Order = "pause" | "resume" | "cancel";

/** Orders something of a batch; `budget` is what it may cost from now on, where it goes on. */
export function order(batchId: string, action: Order, budget?: number) {
  const params = { path: { batch_id: batchId } };
  switch (action) {
    case "pause":
      return got(api.POST("/v1/batches/{batch_id}/pause", { params }));
    case "resume":
      return got(
        api.POST("/v1/batches/{batch_id}/resume", {
          params,
          ...(budget ? { body: { budget_usd: budget } } : {}),
        }),
      );
    case "cancel":
      return got(api.POST("/v1/batches/{batch_id}/cancel", { params }));
  }
}

/** Forgets a batch and all that it made. */
export function deleteBatch(batchId: string) {
  return got(api.DELETE("/v1/batches/{batch_id}", { params: { path: { batch_id: batchId } } }));
}

export function retryFailed(batchId: string) {
  const params = { path: { batch_id: batchId } };
  return got(api.POST("/v1/batches/{batch_id}/retry-failed", { params }));
}

export interface ResultFilter {
  state?: string | undefined;
  language?: string | undefined;
  search?: string | undefined;
  sort?: string | undefined;
  cursor?: string | undefined;
}

type Sort = "position" | "title" | "-title";

export function resultsQuery(batchId: string, filter: ResultFilter) {
  return queryOptions({
    queryKey: ["results", batchId, filter],
    queryFn: ({ signal }) => {
      const query = {
        limit: PAGE,
        ...(filter.state ? { state: filter.state as JobState } : {}),
        ...(filter.language ? { language: filter.language } : {}),
        ...(filter.search ? { search: filter.search } : {}),
        ...(filter.sort ? { sort: filter.sort as Sort } : {}),
        ...(filter.cursor ? { cursor: filter.cursor } : {}),
      };
      const path = { batch_id: batchId };
      return got(api.GET("/v1/batches/{batch_id}/results", { params: { path, query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
}
