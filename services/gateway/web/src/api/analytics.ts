import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { components } from "./schema.gen";

export type Summary = components["schemas"]["SummaryRead"];
export type Bucket = components["schemas"]["Bucket"];

export interface Period {
  days: number;
  everyone: boolean;
}

const DAY_MS = 86_400_000;

function bounds({ days, everyone }: Period) {
  // Whole days: the same question all day long.
  const since = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - (days - 1) * DAY_MS);
  return { since: since.toISOString(), everyone };
}

export function summaryQuery(period: Period) {
  return queryOptions({
    queryKey: ["analytics", "summary", period],
    queryFn: ({ signal }) =>
      got(api.GET("/v1/analytics/summary", { params: { query: bounds(period) }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function trendQuery(period: Period) {
  return queryOptions({
    queryKey: ["analytics", "trend", period],
    queryFn: async ({ signal }) => {
      const query = { ...bounds(period), interval: "day" as const };
      return (await got(api.GET("/v1/analytics/trends", { params: { query }, signal }))).items;
    },
    placeholderData: keepPreviousData,
  });
}
