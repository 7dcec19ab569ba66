import createClient from "openapi-fetch";
import { Problem, problemOf } from "./problem";
import type { paths } from "./schema.gen";
import { session, setSession } from "./session";

async function authorized(request: Request): Promise<Response> {
  const token = session()?.token;
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  const response = await reach(request);
  if (response.status === 401 && token && session()?.token === token) setSession(null);
  return response;
}

async function reach(request: Request): Promise<Response> {
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
