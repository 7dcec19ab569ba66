import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "@/design/Button";
import { useText } from "@/words/text";

interface Props {
  page: number;
  first: number;
  shown: number;
  hasNext: boolean;
  onBack: () => void;
  onNext: () => void;
}

export function Pager({ page, first, shown, hasNext, onBack, onNext }: Props) {
  const t = useText();
  return (
    <nav
      aria-label={t("batch.pages")}
      className="mt-4 flex flex-wrap items-center justify-between gap-3"
    >
      <p className="figures text-sm text-muted">
        {t("batch.range", { first, last: first + shown - 1 })}
      </p>
      <div className="flex gap-2">
        <Button icon={ChevronLeft} disabled={page === 1} onClick={onBack}>
          {t("batch.previous")}
        </Button>
        <Button disabled={!hasNext} onClick={onNext}>
          {t("batch.next")}
          <ChevronRight aria-hidden className="size-4" />
        </Button>
      </div>
    </nav>
  );
}
