import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { batchQuery } from "@/api/batches";
import { Page } from "@/design/Page";
import { Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";
import { BatchPage } from "./BatchPage";

export function BatchScreen() {
  const t = useText();
  const { batchId } = useParams({ from: "/shell/batches/$batchId" });
  const batch = useQuery(batchQuery(batchId));
  if (batch.data) return <BatchPage key={batchId} batch={batch.data} />;
  return (
    <Page title={t("batch.title")}>
      {batch.isError ? (
        <Failed error={batch.error} onRetry={() => void batch.refetch()} />
      ) : (
        <Loading rows={6} />
      )}
    </Page>
  );
}
