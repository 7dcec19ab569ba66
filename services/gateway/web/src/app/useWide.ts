import { useSyncExternalStore } from "react";

// Where the sidebar stands beside the content: Tailwind's `lg`.
const WIDE = "(min-width: 64rem)";

/** Whether there is room for the sidebar. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (tell) => {
      const query = matchMedia(WIDE);
      query.addEventListener("change", tell);
      return () => query.removeEventListener("change", tell);
    },
    () => matchMedia(WIDE).matches,
  );
}
