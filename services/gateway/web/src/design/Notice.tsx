import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

type Tone = "info" | "good" | "warn" | "bad";

const TONES = {
  info: { look: "bg-accent-soft", ink: "text-accent", icon: Info },
  good: { look: "bg-good-soft", ink: "text-good", icon: CircleCheck },
  warn: { look: "bg-warn-soft", ink: "text-warn", icon: TriangleAlert },
  bad: { look: "bg-bad-soft", ink: "text-bad", icon: CircleAlert },
};

interface Props {
  tone?: Tone;
  title?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}

export function Notice({ tone = "info", title, action, children }: Props) {
  const { look, ink, icon: Icon } = TONES[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={`flex flex-wrap items-start gap-3 rounded-lg px-4 py-3 text-sm text-ink ${look}`}
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <div className="min-w-48 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {action}
    </div>
  );
}
