import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  /** What the tab says, where that is not the title. */
  tab?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every screen: one heading, what can be done here, and the content. */
export function Page({ title, tab, lead, actions, children }: Props) {
  useEffect(() => {
    document.title = `${tab ?? title} · Bolt IA`;
  }, [tab, title]);
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-5">
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">{title}</h1>
          {lead && <div className="mt-1 text-sm text-muted">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
