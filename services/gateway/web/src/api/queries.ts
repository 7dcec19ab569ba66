import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

const MOST_TRIES = 3;

/** Whether asking again may help: nobody answered, or the server says that it is away. */
export function worthRepeating(tries: number, error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return tries < MOST_TRIES && (error.offline || error.status >= 502 || error.status === 503);
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: worthRepeating, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});
