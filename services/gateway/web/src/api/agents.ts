import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { Agent, AgentDraft } from "./types";

const MOST = 200;

export const agentsQuery = queryOptions({
  queryKey: ["agents"],
  queryFn: async ({ signal }) =>
    (await got(api.GET("/v1/agents", { params: { query: { limit: MOST } }, signal }))).items,
});

export function agentQuery(agentId: string) {
  return queryOptions({
    queryKey: ["agents", agentId],
    queryFn: ({ signal }) =>
      got(api.GET("/v1/agents/{agent_id}", { params: { path: { agent_id: agentId } }, signal })),
  });
}

/** Saves an agent: a new one, or all of one that is there. */
export function saveAgent(agentId: string | null, body: AgentDraft): Promise<Agent> {
  if (agentId === null) return got(api.POST("/v1/agents", { body }));
  return got(api.PUT("/v1/agents/{agent_id}", { params: { path: { agent_id: agentId } }, body }));
}

export function duplicateAgent(agentId: string): Promise<Agent> {
  const params = { path: { agent_id: agentId } };
  return got(api.POST("/v1/agents/{agent_id}/duplicate", { params }));
}

export async function deleteAgent(agentId: string): Promise<void> {
  await got(api.DELETE("/v1/agents/{agent_id}", { params: { path: { agent_id: agentId } } }));
}
