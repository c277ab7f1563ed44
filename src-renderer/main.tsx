// The page's first script: begins to read what the first page needs while the client itself is loaded. The only file that starts anything; as small as
// can be, because everything waits for it.
import { takeWaitingVersion } from './offline/registration.ts'
import { openDurableStorage } from './platform/durable-storage.ts'
import { roomOfHash } from './platform/room-hash.ts'
import { report } from './report.ts'
import { readFirstRows } from './store/first-rows.ts'
import { languageFor, loadTexts } from './texts/catalogue.ts'
import type { Early } from './client.tsx'

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

/** In which languages this person wants it: as platform/preferences.ts says, which is loaded later. */
function languages(): readonly string[] {
  try {
    const { language } = JSON.parse(window.localStorage.getItem('maru.preferences') ?? '{}')
    return language === 'ko' || language === 'en' ? [language] : navigator.languages
  } catch {
    return navigator.languages
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

const early = begin()
const texts = loadTexts(languageFor(languages()))
void import('./client.tsx').then(async ({ startClient }) => {
  await texts
  startClient(early)
})
