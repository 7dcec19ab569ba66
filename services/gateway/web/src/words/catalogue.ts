import * as enAccess from "./en/access";
import * as enAgents from "./en/agents";
import * as enAnalytics from "./en/analytics";
import * as enBatch from "./en/batch";
import * as enCommon from "./en/common";
import * as enHooks from "./en/hooks";
import * as enKeys from "./en/keys";
import * as enNewBatch from "./en/newBatch";
import * as ptAccess from "./pt/access";
import * as ptAgents from "./pt/agents";
import * as ptAnalytics from "./pt/analytics";
import * as ptBatch from "./pt/batch";
import * as ptCommon from "./pt/common";
import * as ptHooks from "./pt/hooks";
import * as ptKeys from "./pt/keys";
import * as ptNewBatch from "./pt/newBatch";
import type { SameKeys } from "./shape";

/** Every text of the interface; a key that one language lacks does not compile. */
export const en = {
  ...enCommon,
  ...enAccess,
  ...enNewBatch,
  ...enBatch,
  ...enAgents,
  ...enKeys,
  ...enAnalytics,
  ...enHooks,
};

export const pt: SameKeys<typeof en> = {
  ...ptCommon,
  ...ptAccess,
  ...ptNewBatch,
  ...ptBatch,
  ...ptAgents,
  ...ptKeys,
  ...ptAnalytics,
  ...ptHooks,
};
