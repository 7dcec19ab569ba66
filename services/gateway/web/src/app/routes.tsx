import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { session } from "@/api/session";
import { Crashed, Missing } from "./Fallbacks";
import { Shell } from "./Shell";
import { screens } from "./screens";

const root = createRootRoute({ notFoundComponent: Missing, errorComponent: Crashed });

const access = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string; ended?: boolean } => ({
    ...(typeof search.next === "string" && search.next.startsWith("/")
      ? { next: search.next }
      : {}),
    ...(search.ended ? { ended: true } : {}),
  }),
  component: lazyRouteComponent(screens.Access, "Access"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: ({ location }) => {
    if (!session()) throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
});

export interface HistorySearch {
  state?: string;
  search?: string;
}

const history = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: (search: Record<string, unknown>): HistorySearch => ({
    ...(typeof search.state === "string" && search.state ? { state: search.state } : {}),
    ...(typeof search.search === "string" && search.search ? { search: search.search } : {}),
  }),
  component: lazyRouteComponent(screens.History, "History"),
});

const newBatch = createRoute({
  getParentRoute: () => shell,
  path: "/new",
  component: lazyRouteComponent(screens.NewBatch, "NewBatch"),
});

export interface BatchSearch {
  state?: string;
  language?: string;
  search?: string;
  sort?: string;
  page?: number;
  cursor?: string;
  job?: string;
}

const TEXTS = ["state", "language", "search", "sort", "cursor", "job"] as const;

const batch = createRoute({
  getParentRoute: () => shell,
  path: "/batches/$batchId",
  validateSearch: (search: Record<string, unknown>): BatchSearch => {
    const found: BatchSearch = {};
    for (const name of TEXTS) {
      const value = search[name];
      if (typeof value === "string" && value) found[name] = value;
    }
    if (Number(search.page) > 1) found.page = Math.floor(Number(search.page));
    return found;
  },
  component: lazyRouteComponent(screens.BatchScreen, "BatchScreen"),
});

const voices = createRoute({
  getParentRoute: () => shell,
  path: "/voices",
  component: lazyRouteComponent(screens.Voices, "Voices"),
});

const agents = createRoute({
  getParentRoute: () => shell,
  path: "/agents",
  component: lazyRouteComponent(screens.Agents, "Agents"),
});

const agent = createRoute({
  getParentRoute: () => shell,
  path: "/agents/$agentId",
  component: lazyRouteComponent(screens.AgentEditor, "AgentEditor"),
});

const keys = createRoute({
  getParentRoute: () => shell,
  path: "/keys",
  component: lazyRouteComponent(screens.Keys, "Keys"),
});

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: "/webhooks",
  component: lazyRouteComponent(screens.Webhooks, "Webhooks"),
});

const analytics = createRoute({
  getParentRoute: () => shell,
  path: "/analytics",
  component: lazyRouteComponent(screens.Analytics, "Analytics"),
});

const deadLetters = createRoute({
  getParentRoute: () => shell,
  path: "/dead-letters",
  component: lazyRouteComponent(screens.DeadLetters, "DeadLetters"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(screens.Settings, "Settings"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    access,
    shell.addChildren([
      history,
      newBatch,
      batch,
      agents,
      agent,
      voices,
      keys,
      analytics,
      webhooks,
      settings,
      deadLetters,
    ]),
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
