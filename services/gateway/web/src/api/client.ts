import createClient from "openapi-fetch";
import { Problem, problemOf } from "./problem";
import type { paths } from "./schema.gen";
import { session } from "./session";
import { accessToken, dropToken } from "./token";

async function authorized(request: Request): Promise<Response> {
  const response = await sent(request.clone());
  if (response.status !== 401 || !session()) return response;
  // It may have been revoked before its time: once more, with a new one.
  dropToken();
  return sent(request);
}

async function sent(request: Request): Promise<Response> {
  const token = await accessToken();
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Problem("", { status: 0, code: "offline" });
  }
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  fetch: authorized,
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Returns what was asked for; throws a `Problem` where there is an error instead. */
export async function got<T>(asking: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asking;
  if (!response.ok) throw await problemOf(response, error);
  return data as T;
}

/** Fetches a file of the API: what an `<audio>` or a download needs, with who asks. */
export async function fetchFile(path: string, signal?: AbortSignal): Promise<Response> {
  const response = await authorized(new Request(path, { signal: signal ?? null }));
  if (response.ok) return response;
  throw await problemOf(response, await response.json().catch(() => null));
}
