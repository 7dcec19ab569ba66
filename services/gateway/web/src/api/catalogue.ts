import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, got } from "./client";
import type { Voice } from "./types";

const DAY = 86_400_000;
const MOST_VOICES = 200;

export const languagesQuery = queryOptions({
  queryKey: ["languages"],
  queryFn: async ({ signal }) => (await got(api.GET("/v1/languages", { signal }))).items,
  staleTime: DAY,
  gcTime: DAY,
});

export function voicesQuery(language: string) {
  return queryOptions({
    queryKey: ["voices", language],
    queryFn: ({ signal }) => allVoices(language, signal),
    staleTime: DAY,
  });
}

export function useLanguages() {
  return useQuery(languagesQuery);
}

async function allVoices(language: string, signal: AbortSignal): Promise<Voice[]> {
  const found: Voice[] = [];
  let cursor: string | null = null;
  do {
    const query: { language: string; limit: number; cursor?: string } = {
      language,
      limit: MOST_VOICES,
    };
    if (cursor) query.cursor = cursor;
    const page = await got(api.GET("/v1/voices", { params: { query }, signal }));
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}
