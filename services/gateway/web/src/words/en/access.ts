export const access = {
  signIn: "Sign in",
  register: "Create an account",
  email: "Email",
  password: "Password",
  passwordHint: "At least 8 characters",
  passwordShort: "This needs at least 8 characters",
  emailWrong: "An email address looks like name@example.com",
  show: "Show password",
  hide: "Hide password",
  haveAccount: "I have an account",
  noAccount: "I am new here",
  wrong: "No account has this email address and password",
  taken: "This email address has an account already. Sign in instead.",
  lead: "Titles in, narrated audio out, in as many languages as you like.",
  ended: "Your session has ended. Sign in to go on where you were.",
};

export const history = {
  title: "Batches",
  lead: "Everything you have made, newest first.",
  search: "Search by name",
  state: "State",
  empty: "No batch yet",
  emptyText: "Give one title and choose a few languages: the first audio is there in moments.",
  noMatch: "No batch matches",
  clear: "Clear the filters",
  unnamed: "Without a name",
  progress: "{percent} % done",
};

export const settings = {
  title: "Settings",
  appearance: "Appearance",
  theme: "Theme",
  themeSystem: "Like the system",
  themeLight: "Light",
  themeDark: "Dark",
  language: "Language",
  defaults: "What batches have where you do not say otherwise",
  defaultsHint: "Also those that programs of yours ask for.",
  asItComes: "As it comes",
  account: "Account",
  signedInAs: "Signed in as {email}",
  notifications: "Notifications",
  notifyHint: "Tells you when a batch ends while you are elsewhere. On this device only.",
  notifyOn: "Notify me when a batch ends",
  notifyRefused: "The browser refuses notifications for this page. Allow them in its settings.",
};

export const notify = {
  ended: "{name}: {state}",
  body: "{done} of {total} audios are ready",
  open: "Open",
};
