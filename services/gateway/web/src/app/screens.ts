/** The screens, each a file of its own that is loaded when it is first shown. */
export const screens = {
  Access: () => import("@/screens/access/Access"),
  History: () => import("@/screens/history/History"),
  NewBatch: () => import("@/screens/new-batch/NewBatch"),
  BatchScreen: () => import("@/screens/batch/BatchScreen"),
  Voices: () => import("@/screens/voices/Voices"),
  Agents: () => import("@/screens/agents/Agents"),
  AgentEditor: () => import("@/screens/agents/AgentEditor"),
  Keys: () => import("@/screens/keys/Keys"),
  DeadLetters: () => import("@/screens/dead-letters/DeadLetters"),
  Webhooks: () => import("@/screens/webhooks/Webhooks"),
  Analytics: () => import("@/screens/analytics/Analytics"),
  Settings: () => import("@/screens/settings/Settings"),
};

/** Loads the others while nothing else is to do: without a network they are there, too. */
export function loadAhead(): void {
  const later = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 2_000));
  later(() => {
    for (const load of Object.values(screens)) void load().catch(() => undefined);
  });
}
