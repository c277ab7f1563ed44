// What this app has of relays: one that it hosts, those that it finds on its networks, and whose certificate is which. Puts them together for the page.
import { app, dialog, powerMonitor } from 'electron'
import type { BrowserWindow, Session } from 'electron'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'
import { appImagePath } from './environment.ts'
import { hostAddresses } from './host-addresses.ts'
import { keepHostChoice } from './host-choice.ts'
import { hostProcessOf } from './host-process.ts'
import { createHosting } from './hosting.ts'
import type { Hosting } from './hosting.ts'
import type { Answers } from './ipc.ts'
import { LINK_SCHEME } from './deep-links.ts'
import { createPins, enforcePins } from './pins.ts'
import { whyUnreachable } from './reachability.ts'
import { createRelaySearch } from './relay-search.ts'
import { tell } from './tell.ts'

/** Ports above a busy one that are tried for a suggestion. */
const PORTS_TRIED = 20

export interface RelayPartOptions {
  session: Session
  /** As `bundleAt` gives them: the script of the relay's process, and the client for browsers. */
  bundle: { hostEntry: string; client: string }
  currentWindow: () => BrowserWindow | null
  /** Looks for relays on this machine's networks until its stop is called. */
  findRelays: (told: {
    onChange: (relays: readonly FoundRelay[]) => void
    onProblem: (problem: unknown) => void
  }) => () => void
  /** Something that is to end before the app does. */
  beforeQuit: (work: () => Promise<void>) => void
  onProblem: (problem: unknown) => void
}

type RelayAnswers = Pick<
  Answers,
  | 'host:state'
  | 'host:addresses'
  | 'host:chosen'
  | 'host:start'
  | 'host:stop'
  | 'host:backup'
  | 'relays:found'
  | 'certificate:pin'
  | 'certificate:unpin'
  | 'certificate:pinned'
  | 'relay:why-unreachable'
>

/**
 * Starts the relay that was on when the app ended. Needs a ready app, and to be called before the first request of the session: Chromium would not ask
 * again about a certificate that it has seen.
 */
export function startRelayPart(options: RelayPartOptions): { answers: RelayAnswers; hosting: Hosting } {
  const { session, bundle, currentWindow, onProblem } = options
  const userData = app.getPath('userData')
  const folder = join(userData, 'maru')
  const pins = createPins({ path: join(folder, 'pins.json'), onProblem })
  enforcePins(session, pins)

  const hosting = createHosting({
    kept: keepHostChoice(join(folder, 'hosting.json'), onProblem),
    startProcess: hostProcessOf(bundle.hostEntry),
    dataDir: join(userData, 'relay'),
    webRoot: bundle.client,
    addresses: () => hostAddresses(networkInterfaces()),
    freePort: async (address, above) => freePort(address, above),
    now: () => performance.now(),
    after,
    every: (ms, work) => {
      const timer = setInterval(work, ms)
      return () => clearInterval(timer)
    },
    onState: (state) => tell(currentWindow(), 'host:state', state),
    onProblem
  })
  powerMonitor.on('resume', () => hosting.resumed())
  options.beforeQuit(async () => hosting.quit())
  hosting.startAsChosen()

  const found = createRelaySearch({ find: ({ onChange }) => options.findRelays({ onChange, onProblem }), after })

  return {
    hosting,
    answers: {
      'host:state': async () => hosting.now(),
      'host:addresses': async () => hostAddresses(networkInterfaces()),
      'host:chosen': async () => hosting.chosen(),
      'host:start': async (wish) => hosting.start(wish),
      'host:stop': async () => hosting.stop(),
      'host:backup': async () => backup(hosting, currentWindow()),
      'relays:found': async () => found(),
      'certificate:pin': async (url, fingerprint) => pins.pin(url, fingerprint),
      'certificate:pinned': async (url) => pins.of(url),
      'certificate:unpin': async (url, link) => {
        await pins.unpin(url)
        await session.closeAllConnections()
        startAnew(link)
      },
      'relay:why-unreachable': async (url) => whyUnreachable(url, pins)
    }
  }
}

async function backup(
  hosting: Hosting,
  window: BrowserWindow | null
): Promise<{ folder: string; messages: number } | null> {
  const wish = { properties: ['openDirectory' as const, 'createDirectory' as const] }
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(wish)
    : dialog.showOpenDialog(window, wish))
  const [folder] = filePaths
  return canceled || folder === undefined ? null : hosting.backup(folder)
}

/** With the same arguments, but for a link that has been followed. Quitting brings everything to the disk first. */
function startAnew(link: string | null): void {
  const args = process.argv.slice(1).filter((each) => !each.startsWith(`${LINK_SCHEME}:`))
  const execPath = appImagePath()
  app.relaunch({
    args: link === null ? args : [...args, link],
    ...(execPath === undefined ? {} : { execPath })
  })
  app.quit()
}

function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}

/** The next port above on which nobody listens at this address; null where none of the next ones is free. */
async function freePort(address: string, above: number): Promise<number | null> {
  for (let port = above + 1; port <= Math.min(above + PORTS_TRIED, 65_535); port++) {
    if (await isFree(address, port)) return port
  }
  return null
}

async function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, address, () => server.close(() => resolve(true)))
  })
}
