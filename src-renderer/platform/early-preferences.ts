// What a person has set on this device, as far as the page must know it before anything else is loaded (preferences.ts owns the key). Must import nothing.

interface EarlyPreferences {
  theme?: unknown
  density?: unknown
  contrast?: unknown
  textSize?: unknown
  language?: unknown
}

/** As it is kept, and looked at by nobody yet; empty where it is unreadable or withheld. */
function keptPreferences(): EarlyPreferences {
  try {
    return JSON.parse(window.localStorage.getItem('maru.preferences') ?? '{}') as EarlyPreferences
  } catch {
    return {}
  }
}

/** The look that was chosen, before the first paint: as `applyLook` does it later. */
export function applyEarlyLook(root: HTMLElement): void {
  const { theme, density, contrast, textSize } = keptPreferences()
  if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme
  if (density === 'compact') root.dataset['density'] = density
  if (contrast === 'more') root.dataset['contrast'] = contrast
  if (typeof textSize === 'number' && textSize >= 80 && textSize <= 200) root.style.fontSize = `${textSize}%`
}

/** In which languages this person wants it (BCP 47 tags, in their order). */
export function earlyLanguages(): readonly string[] {
  const { language } = keptPreferences()
  return language === 'ko' || language === 'en' ? [language] : navigator.languages
}
