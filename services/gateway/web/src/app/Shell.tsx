import { Outlet } from "@tanstack/react-router";
import { Menu } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/design/Button";
import { Toasts } from "@/design/Toasts";
import { Bell } from "@/screens/notifications/Bell";
import { useText } from "@/words/text";
import { Logo } from "./Logo";
import { NavDialog } from "./NavDialog";
import { NavLinks } from "./NavLinks";
import { OfflineBar } from "./OfflineBar";
import { useFollowedPreferences } from "./preferences";
import { useWide } from "./useWide";

/** What stays while screens change: where one is, and how to get elsewhere. */
export function Shell() {
  const t = useText();
  const wide = useWide();
  const [open, setOpen] = useState(false);
  useFollowedPreferences();
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        {t("nav.skip")}
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line bg-surface p-4 lg:flex">
        <div className="flex items-center justify-between">
          <Logo />
          {wide && <Bell />}
        </div>
        <NavLinks />
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-20 flex items-center justify-between border-b border-line bg-surface px-4 py-1.5 lg:hidden">
          <Logo />
          <span className="flex">
            {!wide && <Bell />}
            <IconButton icon={Menu} label={t("nav.menu")} onClick={() => setOpen(true)} />
          </span>
        </header>
        <OfflineBar />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 p-4 outline-none sm:p-6 lg:p-8">
          <Outlet />
        </main>
      </div>
      {open && <NavDialog onClose={() => setOpen(false)} />}
      <Toasts />
    </div>
  );
}
