import { Link, useRouterState } from "@tanstack/react-router";
import {
  AudioLines,
  ChartColumn,
  KeyRound,
  Layers,
  LogOut,
  type LucideIcon,
  MailWarning,
  Plus,
  Settings,
  UserRoundPen,
  Webhook,
} from "lucide-react";
import { signOut, useIsAdmin } from "@/api/access";
import { useSession } from "@/api/session";
import { type TextKey, useText } from "@/words/text";

interface Place {
  to:
    | "/"
    | "/agents"
    | "/voices"
    | "/keys"
    | "/analytics"
    | "/webhooks"
    | "/settings"
    | "/dead-letters";
  text: TextKey;
  icon: LucideIcon;
}

const PLACES: Place[] = [
  { to: "/", text: "nav.batches", icon: Layers },
  { to: "/agents", text: "nav.agents", icon: UserRoundPen },
  { to: "/voices", text: "nav.voices", icon: AudioLines },
  { to: "/analytics", text: "nav.analytics", icon: ChartColumn },
  { to: "/keys", text: "nav.keys", icon: KeyRound },
  { to: "/webhooks", text: "nav.webhooks", icon: Webhook },
  { to: "/settings", text: "nav.settings", icon: Settings },
];
const ADMIN: Place[] = [{ to: "/dead-letters", text: "nav.deadLetters", icon: MailWarning }];

const ITEM =
  "flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm text-muted hover:bg-sunken hover:text-ink " +
  "aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent";

export function NavLinks({ onChoose }: { onChoose?: () => void }) {
  const t = useText();
  const who = useSession();
  const here = useRouterState({ select: (state) => state.location.pathname });
  const places = useIsAdmin() ? [...PLACES, ...ADMIN] : PLACES;
  return (
    <nav
      aria-label={t("nav.label")}
      className="flex min-h-0 flex-1 flex-col gap-1 overflow-y-auto pt-4"
    >
      <Link
        to="/new"
        onClick={onChoose}
        className="mb-3 flex min-h-11 items-center justify-center gap-2 rounded-lg bg-accent px-4 text-sm font-medium text-on-accent hover:opacity-90"
      >
        <Plus aria-hidden className="size-4" />
        {t("nav.newBatch")}
      </Link>
      {places.map(({ to, text, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/" }}
          onClick={onChoose}
          // A batch lies in the list of batches, whose address says nothing of it.
          {...(to === "/" && here.startsWith("/batches/") ? { "aria-current": "page" } : {})}
          className={ITEM}
        >
          <Icon aria-hidden className="size-4.5 shrink-0" />
          {t(text)}
        </Link>
      ))}
      <div className="mt-auto border-t border-line pt-3">
        <p className="truncate px-3 pb-1 text-xs text-muted" title={who?.email}>
          {who?.email}
        </p>
        <button type="button" onClick={() => void signOut()} className={`${ITEM} w-full`}>
          <LogOut aria-hidden className="size-4.5 shrink-0" />
          {t("nav.signOut")}
        </button>
      </div>
    </nav>
  );
}
