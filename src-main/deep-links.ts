// Links of the form maru:…, by which other programs open the app: at its start, while it runs, or from macOS. What they mean is the page's matter.
import { app } from 'electron'
import type { BrowserWindow } from 'electron'
import { tell } from './tell.ts'

export const LINK_SCHEME = 'maru'

/** As long as browsers let an address be. */
const MAX_LINK_CHARS = 2_048

export interface DeepLinks {
  /** The last link that nobody has taken yet; null for none. */
  take(): string | null
}

/** What stands for a link that is none, or longer than any: the page tells the person that it was not understood. */
const NO_LINK = `${LINK_SCHEME}:`

/** The last argument that is such a link: the system puts it behind all others. Other arguments are passed over. */
export function linkOf(argv: readonly string[]): string | null {
  const last = argv.findLast((each) => each.startsWith(`${LINK_SCHEME}:`))
  if (last === undefined) return null
  return isAppLink(last) ? last : NO_LINK
}

/**
 * To be called before the app is ready: macOS tells of a link that early. Only an installed app makes itself the one that opens such links.
 * @param currentWindow asked when a link comes; the page there is told that there is one.
 */
export function listenForLinks(argv: readonly string[], currentWindow: () => BrowserWindow | null): DeepLinks {
  let waiting = linkOf(argv)
  const opened = (link: string | null): void => {
    if (link === null) return
    waiting = link
    tell(currentWindow(), 'desktop:link-opened')
  }
  app.on('second-instance', (_event, otherArgv) => opened(linkOf(otherArgv)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    opened(linkOf([url]))
  })
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)
  return {
    take() {
      const link = waiting
      waiting = null
      return link
    }
  }
}

/** Whether it is one of the links that open the app. */
export function isAppLink(text: string): boolean {
  return text.startsWith(`${LINK_SCHEME}:`) && text.length <= MAX_LINK_CHARS && URL.canParse(text)
}
