import { api, got } from "./client";
import { setSession } from "./session";

/** Signs in; throws a `Problem` where the address and the password do not belong together. */
export async function signIn(email: string, password: string): Promise<void> {
  const token = await got(
    api.POST("/v1/auth/token", {
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: { username: email, password, grant_type: "password", scope: "" },
      bodySerializer: (body) =>
        new URLSearchParams({ username: body.username, password: body.password }),
    }),
  );
  setSession({
    email,
    token: token.access_token,
    expiresAt: Date.now() + token.expires_in * 1000,
  });
}

export async function register(email: string, password: string): Promise<void> {
  await got(api.POST("/v1/auth/register", { body: { email, password } }));
  await signIn(email, password);
}

export function signOut(): void {
  setSession(null);
}
