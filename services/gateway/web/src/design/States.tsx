import { type LucideIcon, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "@/words/text";
import { Button } from "./Button";
import { Notice } from "./Notice";
import { useProblemText } from "./problemText";

/** Grey lines where something will be, of the size it will have. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const t = useText();
  return (
    <div role="status" data-loading className="flex flex-col gap-3">
      <span className="sr-only">{t("common.loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={row} className="h-12 animate-pulse rounded-lg bg-sunken" />
      ))}
    </div>
  );
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  /** Where there is no other heading on the screen. */
  heading?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}

/** What is said where there is nothing yet: what will be here, and how it gets here. */
export function Empty({ icon: Icon, title, heading, children, action }: EmptyProps) {
  const Title = heading ? "h1" : "p";
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      <span className="mb-2 rounded-full bg-accent-soft p-3 text-accent">
        <Icon aria-hidden className="size-6" />
      </span>
      <Title className="text-base font-medium">{title}</Title>
      {children && <div className="max-w-md text-sm text-muted">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** An error where content should be, and the way out of it. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText();
  const { title, detail } = useProblemText()(error);
  return (
    <Notice
      tone="bad"
      title={title}
      action={
        onRetry && (
          <Button icon={RotateCw} onClick={onRetry}>
            {t("common.retry")}
          </Button>
        )
      }
    >
      {detail && <p>{detail}</p>}
    </Notice>
  );
}
