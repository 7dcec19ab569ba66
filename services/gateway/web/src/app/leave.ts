import { queries } from "@/api/queries";
import { onSession, session } from "@/api/session";
import { router } from "./routes";

/** Goes to the sign-in page when the session ends, and remembers where one was. */
export function leaveWhenSignedOut(): void {
  onSession(() => {
    if (session()) return;
    queries.clear();
    const { href, pathname } = router.state.location;
    if (pathname === "/sign-in") return;
    void router.navigate({ to: "/sign-in", search: { next: href, ended: true } });
  });
}
