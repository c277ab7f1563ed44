// The theme that was chosen, before the first paint: the app itself starts too late for that (platform/preferences.ts owns the key).
try {
  const { theme } = JSON.parse(localStorage.getItem('maru.preferences') ?? '{}')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Unreadable or withheld storage: the system's theme.
}
