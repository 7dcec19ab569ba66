import { type ReactNode, useEffect } from "react";
import { useText } from "@/words/text";
import { LanguageSwitch } from "../settings/LanguageSwitch";

export function AccessFrame({ title, children }: { title: string; children: ReactNode }) {
  const t = useText();
  useEffect(() => {
    document.title = `${title} · Bolt IA`;
  }, [title]);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 p-4">
      <div className="flex max-w-sm flex-col items-center gap-3 text-center">
        <img src="/icon.svg" alt="" width={48} height={48} className="size-12" />
        <p className="text-xl font-semibold tracking-tight">Bolt IA</p>
        <p className="text-sm text-muted">{t("access.lead")}</p>
      </div>
      <div className="flex w-full max-w-sm flex-col gap-4 rounded-xl border border-line bg-surface p-6">
        <h1 className="text-lg font-semibold">{title}</h1>
        {children}
      </div>
      <LanguageSwitch />
    </main>
  );
}
