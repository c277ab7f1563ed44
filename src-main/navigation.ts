// Keeps every page of the app where it belongs: no foreign pages, no new windows, no webviews. Links open in the person's browser.
import { shell } from 'electron'
import type { WebContents } from 'electron'
import { isOwnUrl } from './own-origin.ts'

/** What the system may be asked to open; anything else could start a program. */
const OPENABLE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** @param onProblem told when the system could not open a link. */
export function lockNavigation(contents: WebContents, onProblem: (problem: unknown) => void): void {
  const stayHome = (details: { url: string; preventDefault: () => void }): void => {
    if (!isOwnUrl(details.url)) details.preventDefault()
  }
  contents.on('will-navigate', stayHome)
  contents.on('will-frame-navigate', stayHome)
  contents.on('will-redirect', stayHome)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isOpenable(url)) shell.openExternal(new URL(url).href).catch(onProblem)
    return { action: 'deny' }
  })
}

/** Whether an address may be handed to the system. */
export function isOpenable(url: string): boolean {
  return URL.canParse(url) && OPENABLE.has(new URL(url).protocol)
}
