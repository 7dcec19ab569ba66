import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ListMusic, SearchX } from "lucide-react";
import { useRef } from "react";
import { resultsQuery } from "@/api/batches";
import type { BatchSearch } from "@/app/routes";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { Empty, Failed, Loading } from "@/design/States";
import type { LiveView } from "@/live/view";
import { useText } from "@/words/text";
import { Pager } from "./Pager";
import { ResultFilters } from "./ResultFilters";
import { ResultsTable } from "./ResultsTable";

/** The jobs of a batch, a page at a time: filtered, sorted and cut by the server. */
export function Results({ batchId, view }: { batchId: string; view: LiveView }) {
  const t = useText();
  const navigate = useNavigate({ from: "/batches/$batchId" });
  const search = useSearch({ from: "/shell/batches/$batchId" });
  const { state, language, search: text, sort, cursor, page = 1 } = search;
  const found = useQuery(resultsQuery(batchId, { state, language, search: text, sort, cursor }));
  // Where each page began, to be able to go back; a cursor only knows the way forward.
  const begins = useRef(new Map<number, string>());
  const jobs = found.data?.items ?? [];
  const filtered = Boolean(state || language || text);

  function change(next: BatchSearch) {
    begins.current.clear();
    const { cursor: _, page: __, ...kept } = search;
    void navigate({ search: cleaned({ ...kept, ...next }), replace: true, resetScroll: false });
  }

  function turn(to: number, at: string | undefined) {
    if (at) begins.current.set(to, at);
    const { cursor: _, page: __, ...kept } = search;
    const place = at ? { cursor: at, page: to } : {};
    void navigate({ search: { ...kept, ...place }, resetScroll: false });
  }

  return (
    <Card title={t("batch.results")}>
      <ResultFilters search={search} view={view} onChange={change} />
      {found.isPending && <Loading rows={8} />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && jobs.length === 0 && (
        <Empty
          icon={filtered ? SearchX : ListMusic}
          title={t(filtered ? "batch.noMatch" : "batch.noResults")}
          action={
            filtered && (
              <Button onClick={() => void navigate({ search: {}, replace: true })}>
                {t("history.clear")}
              </Button>
            )
          }
        />
      )}
      {jobs.length > 0 && (
        <ResultsTable jobs={jobs} sort={sort} onSort={(next) => change({ sort: next })} />
      )}
      {found.data && (page > 1 || found.data.next_cursor) && (
        <Pager
          page={page}
          first={(page - 1) * 25 + 1}
          shown={jobs.length}
          hasNext={Boolean(found.data.next_cursor)}
          onBack={() => turn(page - 1, begins.current.get(page - 1))}
          onNext={() => turn(page + 1, found.data.next_cursor ?? undefined)}
        />
      )}
    </Card>
  );
}

function cleaned(search: BatchSearch): BatchSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value));
}
