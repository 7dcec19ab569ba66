import type { components } from "./schema.gen";

export type FieldError = components["schemas"]["FieldError"];

/** An error as the API tells it (RFC 9457), or what stands for one where it could not be asked. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly retryAfter: number | null;

  constructor(
    message: string,
    parts: { status: number; code: string; errors?: FieldError[]; retryAfter?: number | null },
  ) {
    super(message);
    this.name = "Problem";
    this.status = parts.status;
    this.code = parts.code;
    this.errors = parts.errors ?? [];
    this.retryAfter = parts.retryAfter ?? null;
  }

  /** Whether nobody answered, which is the network's doing more often than the server's. */
  get offline(): boolean {
    return this.status === 0;
  }
}

export async function problemOf(response: Response, body: unknown): Promise<Problem> {
  const told = (body ?? {}) as { detail?: string; title?: string; code?: string; errors?: never };
  const after = Number(response.headers.get("Retry-After"));
  return new Problem(told.detail ?? told.title ?? response.statusText, {
    status: response.status,
    code: told.code ?? `http_${response.status}`,
    errors: told.errors ?? [],
    retryAfter: Number.isFinite(after) && after > 0 ? after : null,
  });
}
