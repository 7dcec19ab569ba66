import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { changePreferences, type PreferencesChange, preferencesQuery } from "@/api/preferences";
import { useProblemText } from "@/design/problemText";
import { say } from "@/design/Toasts";
import { setUiLanguage } from "@/words/language";
import { setTheme } from "./theme";

/** Follows what was chosen elsewhere: the account's choice, where there is one, wins. */
export function useFollowedPreferences(): void {
  const { data } = useQuery(preferencesQuery);
  const { ui_language: language, theme } = data ?? {};
  useEffect(() => {
    if (language) setUiLanguage(language);
  }, [language]);
  useEffect(() => {
    if (theme) setTheme(theme);
  }, [theme]);
}

/** Returns what keeps a choice with the account. It holds here at once. */
export function useChoice() {
  const client = useQueryClient();
  const problem = useProblemText();
  const keeping = useMutation({
    mutationFn: changePreferences,
    onMutate: async (change: PreferencesChange) => {
      // An answer on its way would bring back what was chosen before.
      await client.cancelQueries({ queryKey: preferencesQuery.queryKey });
      client.setQueryData(
        preferencesQuery.queryKey,
        (before) => before && { ...before, ...change },
      );
    },
    onError: (error) => {
      say(problem(error).title, "bad");
      void client.invalidateQueries({ queryKey: preferencesQuery.queryKey });
    },
  });
  return keeping.mutate;
}
