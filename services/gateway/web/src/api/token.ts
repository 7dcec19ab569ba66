import { Problem, problemOf } from "./problem";
import { session, setSession } from "./session";

interface Token {
  text: string;
  goodUntil: number;
}

// Long enough for a request that begins now to arrive with it.
const SPARE_MS = 30_000;
const REFRESH = "/v1/auth/session/refresh";

// In memory only: a script from elsewhere would find nothing in the storage.
let token: Token | null = null;
let refreshing: Promise<string> | null = null;

export function keepToken(text: string, seconds: number): void {
  token = { text, goodUntil: Date.now() + seconds * 1000 };
}

export function dropToken(): void {
  token = null;
}

/** Returns an access token, a new one where the last is used up; null where nobody is signed in. */
export async function accessToken(): Promise<string | null> {
  if (!session()) return null;
  if (token && token.goodUntil - SPARE_MS > Date.now()) return token.text;
  refreshing ??= inTurn(refresh).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Tabs take turns: a cookie that is sent twice looks stolen. */
function inTurn(work: () => Promise<string>): Promise<string> {
  // Browsers lend locks to secure pages only; elsewhere a second tab has to sign in again.
  if (!globalThis.navigator?.locks) return work();
  return navigator.locks.request("bolt.refresh", work);
}

async function refresh(): Promise<string> {
  let response: Response;
  try {
    response = await fetch(REFRESH, { method: "POST" });
  } catch {
    throw new Problem("", { status: 0, code: "offline" });
  }
  const body = await response.json().catch(() => null);
  if (response.ok) {
    keepToken(body.access_token, body.expires_in);
    return body.access_token;
  }
  if (response.status === 401) {
    dropToken();
    setSession(null);
  }
  throw await problemOf(response, body);
}
