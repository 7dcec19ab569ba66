import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { components } from "./schema.gen";

export type Letter = components["schemas"]["LetterRead"];

const PAGE = 50;

export const lettersQuery = infiniteQueryOptions({
  queryKey: ["dead-letters"],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
    return got(api.GET("/v1/admin/dead-letters", { params: { query }, signal }));
  },
  getNextPageParam: (page) => page.next_cursor,
});

export function letterQuery(letterId: string) {
  return queryOptions({
    queryKey: ["dead-letters", letterId],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/admin/dead-letters/{letter_id}", {
          params: { path: { letter_id: letterId } },
          signal,
        }),
      ),
  });
}

export function redrive(ids: string[]) {
  // Chosen by hand: whoever chooses one that was sent before means it.
  const body = { ids, all: false, again: true, try_only: false };
  return got(api.POST("/v1/admin/dead-letters/redrive", { body }));
}
