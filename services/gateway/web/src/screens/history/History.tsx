import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { AudioLines, Plus, SearchX } from "lucide-react";
import { batchesQuery } from "@/api/batches";
import { Button, buttonLook } from "@/design/Button";
import { Page } from "@/design/Page";
import { Empty, Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";
import { BatchRow } from "./BatchRow";
import { Filters } from "./Filters";

export function History() {
  const t = useText();
  const navigate = useNavigate({ from: "/" });
  const filter = useSearch({ from: "/shell/" });
  const found = useInfiniteQuery(batchesQuery(filter));
  const batches = found.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Boolean(filter.state || filter.search);

  return (
    <Page
      title={t("history.title")}
      lead={t("history.lead")}
      actions={
        (filtered || batches.length > 0) && (
          <Link to="/new" className={buttonLook("primary")}>
            <Plus aria-hidden className="size-4" />
            {t("nav.newBatch")}
          </Link>
        )
      }
    >
      {(filtered || batches.length > 0) && (
        <Filters
          filter={filter}
          onChange={(next) => void navigate({ search: next, replace: true })}
        />
      )}
      {found.isPending && <Loading rows={5} />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && batches.length === 0 && (
        <NoBatches filtered={filtered} onClear={() => void navigate({ search: {} })} />
      )}
      {batches.length > 0 && (
        <ul className="overflow-hidden rounded-xl border border-line bg-surface">
          {batches.map((batch) => (
            <BatchRow key={batch.batch_id} batch={batch} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </Page>
  );
}

function NoBatches({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const t = useText();
  if (filtered) {
    return (
      <Empty
        icon={SearchX}
        title={t("history.noMatch")}
        action={<Button onClick={onClear}>{t("history.clear")}</Button>}
      />
    );
  }
  return (
    <Empty
      icon={AudioLines}
      title={t("history.empty")}
      action={
        <Link to="/new" className={buttonLook("primary")}>
          <Plus aria-hidden className="size-4" />
          {t("nav.newBatch")}
        </Link>
      }
    >
      {t("history.emptyText")}
    </Empty>
  );
}
