// The ways in which a person has Maru: in a browser or as the desktop app, whose profile in a folder survives them, or in a window of a browser
// that forgets it.
import { join } from 'node:path'
import { chromium, _electron as electron, expect } from '@playwright/test'
import type { Browser, BrowserContext, ElectronApplication, LaunchOptions, Page } from '@playwright/test'
import { root } from '../scripts/setup.mjs'
import type { Place } from './places.ts'

/** High enough that a few dozen messages are drawn at once. */
const VIEWPORT = { width: 1100, height: 2600 }

export interface Running {
  page: Page
  /** The main process of the desktop app. */
  app?: ElectronApplication
  close(): Promise<void>
  /** SIGKILL to every process of it: no farewell, nothing flushed. */
  kill(): Promise<void>
}

/** Done with what the profile keeps, on a page of the client's origin that does not run the client. */
export type BeforeStart = (page: Page) => Promise<void>

export interface InBrowser {
  place: Place
  /** Where the client is loaded from. */
  pageUrl: string
  launch: LaunchOptions
  /** Runs already, and gives the person a window that is forgotten when it is closed: half the work of a browser of their own. */
  shared?: Browser | undefined
}

export interface AsDesktopApp {
  place: Place
  desktop: true
  /** What the app is started for, instead of asking the person. */
  suggestedRelay?: string
  /** By which the system starts it: one of the app's own. */
  link?: string
}

export async function startInBrowser(
  { place, pageUrl, launch, locale, shared }: InBrowser & { locale: string },
  profile: string,
  beforeStart?: BeforeStart
): Promise<Running> {
  const { args = [], ...rest } = launch
  const look = { locale, viewport: VIEWPORT }
  const own = { ...rest, ...look, args: [...args, ...place.browserArgs] }
  // What a service worker keeps is for the next start, which there is none.
  const context = shared
    ? await shared.newContext({ ...look, serviceWorkers: 'block' })
    : await chromium.launchPersistentContext(profile, own)
  const page = context.pages()[0] ?? (await context.newPage())
  if (beforeStart) {
    await page.goto(new URL('notice.png', pageUrl).href)
    await beforeStart(page)
  }
  await page.goto(pageUrl)
  expect(await page.evaluate(() => window.isSecureContext)).toBe(place.secure)
  const kill = async () => {
    if (shared) throw new Error('a browser that others share is not killed: tag the spec KEPT')
    await killBrowser(context)
  }
  return { page, close: async () => context.close(), kill }
}

async function killBrowser(context: BrowserContext): Promise<void> {
  const browser = context.browser()
  if (!browser) throw new Error('this browser cannot be killed')
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const gone = new Promise<void>((resolve) => browser.once('disconnected', () => resolve()))
  for (const { id } of processInfo.toSorted(({ type }) => (type === 'browser' ? -1 : 1))) {
    try {
      process.kill(id, 'SIGKILL')
    } catch (error) {
      // It has followed the browser's own process by itself.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
  await gone
}

/**
 * The built app (out/). Without an executablePath, Playwright asks the electron package for it and holds `ready` until it has attached;
 * the binary is known to be there, or this project would not run. `--token-in-file`: there may be no keyring.
 */
export async function startDesktopApp(
  { place, suggestedRelay, link, locale }: AsDesktopApp & { locale: string },
  profile: string
): Promise<Running> {
  const app = await electron.launch({
    cwd: root,
    args: [
      root,
      `--user-data-dir=${join(profile, 'desktop')}`,
      '--token-in-file',
      `--lang=${locale}`,
      ...place.browserArgs,
      ...(suggestedRelay === undefined ? [] : [`--relay=${suggestedRelay}`]),
      ...(link === undefined ? [] : [link])
    ]
  })
  const page = await app.firstWindow()
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height)
  }, VIEWPORT)
  expect(await page.evaluate(() => [window.isSecureContext, window.location.host])).toEqual([true, 'maru'])
  const kill = async () => {
    const gone = app.waitForEvent('close')
    app.process().kill('SIGKILL')
    await gone
  }
  return { page, app, close: async () => app.close(), kill }
}
