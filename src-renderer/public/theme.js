// The look that was chosen, before the first paint: the app itself starts too late for that (platform/preferences.ts owns the key).
try {
  const { theme, density, contrast, textSize } = JSON.parse(localStorage.getItem('maru.preferences') ?? '{}')
  const root = document.documentElement
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  if (density === 'compact') root.dataset.density = density
  if (contrast === 'more') root.dataset.contrast = contrast
  if (textSize >= 80 && textSize <= 200) root.style.fontSize = `${textSize}%`
} catch {
  // Unreadable or withheld storage: the system's look.
}
