// What a person wants to be notified of on this device. Kept beside the app's data, never sent anywhere.
import { z } from 'zod'
import { parsedJson } from './parsed-json.ts'

export const MAX_KEYWORDS = 20
export const MAX_KEYWORD_CHARS = 40

/** What a notification shows: everything, who and where, or only that there is something. */
export const NOTICE_WORDS = ['text', 'name', 'nothing'] as const

const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const nothingQuiet = { on: false, from: '22:00', to: '08:00' }

const settingsSchema = z.object({
  on: z.boolean().catch(true),
  words: z.enum(NOTICE_WORDS).catch('text'),
  sound: z.boolean().catch(false),
  keywords: z.array(z.string().min(1).max(MAX_KEYWORD_CHARS)).max(MAX_KEYWORDS).catch([]),
  /** Each day from–to, HH:MM by the device's clock; over midnight if `to` is earlier. */
  quiet: z.object({ on: z.boolean(), from: timeSchema, to: timeSchema }).catch(nothingQuiet)
})
export type NotifySettings = z.infer<typeof settingsSchema>

/** The browser tells only the other windows. */
const CHANGED_HERE = 'maru-notify-settings'

const keyOf = (userId: string): string => `maru.notifications.${userId}`

/** Whatever cannot be read counts as not set. */
export function loadNotifySettings(storage: Pick<Storage, 'getItem'>, userId: string): NotifySettings {
  const set = settingsSchema.safeParse(parsedJson(storage.getItem(keyOf(userId)) ?? '{}'))
  return set.success ? set.data : settingsSchema.parse({})
}

export function saveNotifySettings(storage: Pick<Storage, 'setItem'>, userId: string, settings: NotifySettings): void {
  storage.setItem(keyOf(userId), JSON.stringify(settings))
  window.dispatchEvent(new Event(CHANGED_HERE))
}

export function forgetNotifySettings(storage: Pick<Storage, 'removeItem'>, userId: string): void {
  storage.removeItem(keyOf(userId))
}

/** Calls back when they were changed, in this window or another one of this installation. Returns its stop. */
export function startWatchingNotifySettings(userId: string, onChanged: () => void): () => void {
  const listen = ({ key }: StorageEvent): void => {
    if (key === keyOf(userId) || key === null) onChanged()
  }
  window.addEventListener('storage', listen)
  window.addEventListener(CHANGED_HERE, onChanged)
  return () => {
    window.removeEventListener('storage', listen)
    window.removeEventListener(CHANGED_HERE, onChanged)
  }
}

/** The words of a list that a person has written, divided by commas or lines: each once, at most MAX_KEYWORDS are of use. */
export function keywordsIn(text: string): string[] {
  const words = text.split(/[,，、\n]/u).map((word) => word.replace(/\s+/gu, ' ').trim())
  return [...new Set(words.filter((word) => word !== ''))]
}
