import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, got } from "./client";
import type { Voice } from "./types";

export const favouritesQuery = queryOptions({
  queryKey: ["favourites"],
  queryFn: async ({ signal }) => (await got(api.GET("/v1/me/voices", { signal }))).items,
  staleTime: 60_000,
});

/** Makes a voice a favourite, or not one any more; shown at once, taken back where it fails. */
export function useFavouriteSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ voice, wanted }: { voice: Voice; wanted: boolean }) => {
      const params = { path: { voice_id: voice.id } };
      await got(
        wanted
          ? api.PUT("/v1/me/voices/{voice_id}", { params })
          : api.DELETE("/v1/me/voices/{voice_id}", { params }),
      );
    },
    onMutate: ({ voice, wanted }) => {
      const before = client.getQueryData(favouritesQuery.queryKey) ?? [];
      const others = before.filter((each) => each.id !== voice.id);
      client.setQueryData(favouritesQuery.queryKey, wanted ? [...others, voice] : others);
      return { before };
    },
    onError: (_error, _change, context) => {
      client.setQueryData(favouritesQuery.queryKey, context?.before);
    },
  });
}
