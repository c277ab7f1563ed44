// Hands down what the person has set on this device, and the way to change it.
import { createContext, use, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { applyLook, loadPreferences, savePreferences, startWatchingPreferences } from './preferences.ts'
import type { Preferences } from './preferences.ts'

interface SetPreferences {
  preferences: Preferences
  /** Holds at once, in every window of this installation, and from then on. */
  change: (changed: Partial<Preferences>) => void
}

const PreferencesContext = createContext<SetPreferences | null>(null)

/** Applies the look to the page while it is mounted. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(() => loadPreferences(window.localStorage))
  useEffect(() => startWatchingPreferences(() => setPreferences(loadPreferences(window.localStorage))), [])
  useLayoutEffect(() => applyLook(document.documentElement, preferences), [preferences])
  const set = useMemo(
    () => ({
      preferences,
      change: (changed: Partial<Preferences>) => {
        const next = { ...preferences, ...changed }
        savePreferences(window.localStorage, next)
        setPreferences(next)
      }
    }),
    [preferences]
  )
  return <PreferencesContext value={set}>{children}</PreferencesContext>
}

/** Throws outside of `PreferencesProvider`. */
export function usePreferences(): SetPreferences {
  const set = use(PreferencesContext)
  if (!set) throw new Error('usePreferences needs a PreferencesProvider above it')
  return set
}
