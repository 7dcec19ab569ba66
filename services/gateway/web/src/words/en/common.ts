export const common = {
  loading: "Loading",
  retry: "Try again",
  close: "Close",
  back: "Back",
  cancel: "Cancel",
  save: "Save",
  saved: "Saved",
  remove: "Remove",
  search: "Search",
  optional: "optional",
  more: "Show more",
  all: "All",
  none: "None",
  copy: "Copy",
  copied: "Copied",
  offline: "You are offline. What is shown may be old; it catches up by itself.",
  reload: "Reload",
  crashed: "This page stopped working",
  notFound: "There is nothing at this address",
  home: "To your batches",
};

export const nav = {
  label: "Main",
  skip: "Skip to the content",
  menu: "Menu",
  newBatch: "New batch",
  batches: "Batches",
  agents: "Agents",
  voices: "Voices",
  analytics: "Analytics",
  keys: "Keys",
  webhooks: "Webhooks",
  settings: "Settings",
  deadLetters: "Dead letters",
  signOut: "Sign out",
  docs: "API",
};

export const problem = {
  offline: "The server cannot be reached. Check your connection.",
  unavailable: "Part of the system is away. It will be back soon.",
  unauthenticated: "Sign in to go on",
  forbidden: "Your account may not do this",
  notFound: "This is not here, or it is not yours",
  notReady: "This is not made yet",
  invalid: "Something in this has to change",
  conflict: "This is not possible now",
  tooLarge: "This is too large to send",
  tooMany: "That was too fast. Wait a moment.",
  notConfigured: "This installation is not set up for it",
  unknown: "That did not work",
};

export const state = {
  queued: "Queued",
  running: "Running",
  paused: "Paused",
  awaiting_review: "In review",
  scripting: "Writing",
  adapting: "Adapting",
  narrating: "Narrating",
  retrying: "Retrying",
  completed: "Done",
  completed_with_errors: "Done, with errors",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const unit = {
  jobs_one: "{count} audio",
  jobs_other: "{count} audios",
  titles_one: "{count} title",
  titles_other: "{count} titles",
  languages_one: "{count} language",
  languages_other: "{count} languages",
  voices_one: "{count} voice",
  voices_other: "{count} voices",
  variations_one: "{count} variation",
  variations_other: "{count} variations",
};

export const mode = {
  expand_languages: "One title, many languages",
  expand_titles: "Many titles, one language",
  matrix: "Many titles, many languages",
};
