import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, got } from "./client";
import { setSession } from "./session";
import { dropToken, keepToken } from "./token";

/** Signs in; throws a `Problem` where the address and the password do not belong together. */
export async function signIn(email: string, password: string): Promise<void> {
  const token = await got(api.POST("/v1/auth/session", { body: { email, password } }));
  keepToken(token.access_token, token.expires_in);
  setSession({ email });
}

export async function register(email: string, password: string): Promise<void> {
  await got(api.POST("/v1/auth/register", { body: { email, password } }));
  await signIn(email, password);
}

/** Signs out here at once; the server is told, and forgets the session by itself otherwise. */
export async function signOut(): Promise<void> {
  const told = api.DELETE("/v1/auth/session");
  dropToken();
  setSession(null);
  await told.catch(() => undefined);
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => got(api.GET("/v1/me", { signal })),
  staleTime: 300_000,
});

/** Whether the one who is signed in may do what only admins may. */
export function useIsAdmin(): boolean {
  return useQuery(meQuery).data?.role === "admin";
}
