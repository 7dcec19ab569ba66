// Runs before the first paint: the theme and the language that were chosen the last time.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("bolt.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    root.lang = localStorage.getItem("bolt.language") || navigator.language || "en";
  } catch {
    // Storage may be refused: the system's own theme then.
  }
})();
