import { api, fetchFile, got } from "./client";
import { save } from "./download";
import type { BatchDraft } from "./types";

export type Common = Omit<BatchDraft, "titles" | "rows">;

/** Asks for a batch with a spreadsheet; `common` says what its columns do not. */
export function importBatch(file: File, common: Partial<Common>, key: string) {
  const body = new FormData();
  body.set("file", file);
  body.set("common", JSON.stringify(common));
  return got(
    api.POST("/v1/batches/import", {
      params: { header: { "idempotency-key": key } },
      // The types describe the fields; what travels is the form that holds them.
      body: body as never,
      bodySerializer: (form) => form as unknown as FormData,
    }),
  );
}

export async function saveTemplate(): Promise<void> {
  const response = await fetchFile("/v1/batches/import/template?format=xlsx");
  save(await response.blob(), "bolt-ia.xlsx");
}
