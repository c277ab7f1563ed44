// The page's first script, a classic one (scripts/first-script.mjs): begins to read what the first page needs, while the browser fetches and compiles
// the client (main.tsx), and gives the page its look before anything is painted. As small as can be: everything waits for it.
import { takeWaitingVersion } from './offline/registration.ts'
import { showNotLoaded } from './not-loaded.ts'
import { openDurableStorage } from './platform/durable-storage.ts'
import type { DurableStorage } from './platform/durable-storage.ts'
import { applyEarlyLook, earlyLanguages } from './platform/early-preferences.ts'
import { roomOfHash } from './platform/room-hash.ts'
import { report } from './report.ts'
import { readFirstRows } from './store/first-rows.ts'
import type { FirstRows } from './store/first-rows.ts'
import { languageFor } from './texts/language.ts'
import type { Language } from './texts/language.ts'

/** What was begun before the client was there. */
export interface Early {
  /** The room that the address names, and whose it seemed to be. */
  found: { relayId: string; userId: string; roomId: string } | null
  kept: Promise<DurableStorage>
  /** Resolves when this version is the one that runs on. */
  newVersion: Promise<void>
  rows: Promise<FirstRows | null>
}

declare global {
  interface Window {
    /** `device`: null where the browser keeps nothing for this page. Undefined: this script did not come. */
    maruFirst?: { language: Language; device: Early | null }
    /** Set when the client has run (scripts/classic-client.mjs). */
    maruClient?: unknown
  }
}

/** A browser may be told to keep nothing for this page: then Maru could keep none of its promises. */
function storageIsWithheld(): boolean {
  try {
    return window.localStorage === null
  } catch {
    return true
  }
}

/** Whose rooms these seem to be. Whether that is so is looked at before anything of it is shown. */
function peek(): { relayId: string; userId: string } | null {
  try {
    const { relayId, user } = JSON.parse(window.localStorage.getItem('maru.session') ?? '{}')
    return typeof relayId === 'string' && typeof user?.id === 'string' ? { relayId, userId: user.id } : null
  } catch {
    return null
  }
}

function begin(): Early | null {
  if (storageIsWithheld()) return null
  const [whose, roomId] = [peek(), roomOfHash(window.location.hash)]
  const found = whose === null || roomId === null ? null : { ...whose, roomId }
  return {
    found,
    kept: openDurableStorage(window.localStorage, report),
    newVersion: takeWaitingVersion().catch(report),
    // What cannot be read here is read again by the store, which says what it means.
    rows: found === null ? Promise.resolve(null) : readFirstRows(found).catch(() => null)
  }
}

/** @param files as the build has put them beside this script, by language; none while developing */
function preloadTexts(language: Language, files: DOMStringMap | undefined): void {
  for (const href of files?.[language]?.split(' ') ?? []) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }))
  }
}

/** The client may not come, or be something else when it comes. */
function sayIfClientFails(): void {
  window.addEventListener(
    'error',
    (event) => {
      const client = document.querySelector<HTMLScriptElement>('script[data-client]')
      const failed = event.target === client || event.filename === client?.src
      if (client !== null && failed && window.maruClient === undefined) showNotLoaded()
    },
    { capture: true }
  )
}

sayIfClientFails()
applyEarlyLook(document.documentElement)
const language = languageFor(earlyLanguages())
window.maruFirst = { language, device: begin() }
preloadTexts(language, document.currentScript?.dataset)
