import { Problem } from "@/api/problem";
import { type TextKey, useText } from "@/words/text";

const BY_CODE: Record<string, TextKey> = {
  offline: "problem.offline",
  unavailable: "problem.unavailable",
  unauthenticated: "problem.unauthenticated",
  forbidden: "problem.forbidden",
  not_found: "problem.notFound",
  not_ready: "problem.notReady",
  validation_failed: "problem.invalid",
  conflict: "problem.conflict",
  too_large: "problem.tooLarge",
  not_configured: "problem.notConfigured",
  too_many_requests: "problem.tooMany",
  bad_request: "problem.badRequest",
  method_not_allowed: "problem.badRequest",
  precondition_failed: "problem.changed",
  unsupported_media_type: "problem.kind",
  range_not_satisfiable: "problem.range",
  idempotency_key_reused: "problem.reused",
  provider_refused: "problem.refusedByProvider",
  invalid_request: "problem.invalidRequest",
  internal_error: "problem.broke",
  gateway_timeout: "problem.slow",
};

/** Returns how to say an error: a sentence of ours, then the server's own words. */
export function useProblemText() {
  const t = useText();
  return (error: unknown): { title: string; detail: string } => {
    if (!(error instanceof Problem)) return { title: t("problem.unknown"), detail: String(error) };
    const known = BY_CODE[error.code];
    const said = error.errors.map((each) => each.detail).slice(0, 3);
    return {
      title: t(known ?? "problem.unknown"),
      detail: said.length ? said.join(" · ") : error.message,
    };
  };
}
