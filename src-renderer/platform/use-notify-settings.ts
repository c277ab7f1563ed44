// What a person wants to be notified of on this device, for a screen to show and change.
import { useEffect, useState } from 'react'
import { loadNotifySettings, saveNotifySettings, startWatchingNotifySettings } from './notify-settings.ts'
import type { NotifySettings } from './notify-settings.ts'

export function useNotifySettings(userId: string): {
  settings: NotifySettings
  /** Holds at once, in every window of this installation, and from then on. */
  change: (changed: Partial<NotifySettings>) => void
} {
  const [settings, setSettings] = useState(() => loadNotifySettings(window.localStorage, userId))
  useEffect(
    () => startWatchingNotifySettings(userId, () => setSettings(loadNotifySettings(window.localStorage, userId))),
    [userId]
  )
  return {
    settings,
    change: (changed) => saveNotifySettings(window.localStorage, userId, { ...settings, ...changed })
  }
}
