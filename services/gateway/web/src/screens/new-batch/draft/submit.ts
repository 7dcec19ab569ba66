import { api, got } from "@/api/client";
import type { Batch, BatchDraft } from "@/api/types";
import { rememberLanguages } from "../languages/recent";
import { accepted, keyFor } from "./sending";
import { draftWasSent } from "./store";

/** Asks for the batch, once, however often this is called with the same body. */
export async function sendDraft(body: BatchDraft): Promise<Batch> {
  const header = { "idempotency-key": keyFor(body) };
  const batch = await got(api.POST("/v1/batches", { params: { header }, body }));
  accepted();
  rememberLanguages(body.languages ?? []);
  draftWasSent();
  return batch;
}
