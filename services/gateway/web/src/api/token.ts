import { Problem, problemOf } from "./problem";
import { session, setSession } from "./session";

interface Token {
  text: string;
  goodUntil: number;
}

// Long enough for a request that begins now to arrive with it.
const SPARE_MS = 30_000;
const REFRESH = "/v1/auth/session/refresh";

// It outlives a reload, in this tab only. In memory alone, every reload would ask for the next
// one; a page that is left before the answer came has used up its cookie, and is signed out.
// A foreign script could ask for one itself: not keeping it here would keep nothing from it.
const KEY = "bolt.token";
let token: Token | null = read();
let refreshing: Promise<string> | null = null;

function read(): Token | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Token | null;
  } catch {
    return null;
  }
}

function keep(next: Token | null): void {
  token = next;
  try {
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage it lasts as long as the page.
  }
}

export function keepToken(text: string, seconds: number): void {
  keep({ text, goodUntil: Date.now() + seconds * 1000 });
}

export function dropToken(): void {
  keep(null);
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
