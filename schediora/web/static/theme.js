// Before the first paint, so that a chosen theme does not flash; no module, as those come later.
try {
  const theme = JSON.parse(localStorage.getItem("schediora.theme") ?? "null");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage that is switched off: the system's theme.
}
