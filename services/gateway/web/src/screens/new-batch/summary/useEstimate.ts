import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, got } from "@/api/client";
import type { BatchDraft } from "@/api/types";

// Choices come in bursts; the server is asked when the hand rests.
const REST_MS = 500;

/** What the batch would take, by the server's reckoning; follows the draft at a small distance. */
export function useEstimate(body: BatchDraft | null) {
  const text = useRested(body ? JSON.stringify({ ...body, name: "" }) : "");
  return useQuery({
    queryKey: ["estimate", text],
    enabled: text !== "",
    queryFn: ({ signal }) =>
      got(api.POST("/v1/batches:estimate", { body: JSON.parse(text) as BatchDraft, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
