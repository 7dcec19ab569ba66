import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { components } from "./schema.gen";

export type Preferences = components["schemas"]["Preferences"];
export type PreferencesChange = Partial<Preferences>;

/** What was chosen, in whichever browser. */
export const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  queryFn: ({ signal }) => got(api.GET("/v1/me/preferences", { signal })),
  staleTime: 60_000,
});

export function changePreferences(change: PreferencesChange) {
  return got(
    api.PATCH("/v1/me/preferences", {
      // The types want all of it; what is left out stays as it is.
      body: change as components["schemas"]["PreferencesChange"],
    }),
  );
}
