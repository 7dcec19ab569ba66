import { Link } from "@tanstack/react-router";

export function Logo() {
  return (
    <Link to="/" className="flex min-h-11 items-center gap-2.5 rounded-lg pr-2 font-semibold">
      <img src="/icon.svg" alt="" width={28} height={28} className="size-7" />
      Bolt IA
    </Link>
  );
}
