import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await got(api.GET("/v1/me/sessions", { signal }))).items,
});

export function endSession(sessionId: string) {
  const params = { path: { session_id: sessionId } };
  return got(api.DELETE("/v1/me/sessions/{session_id}", { params }));
}

export function changePassword(current: string, next: string) {
  const body = { current_password: current, new_password: next };
  return got(api.POST("/v1/me/password", { body }));
}
