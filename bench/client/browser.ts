// A browser with a profile of its own, as one person has it: started cold, looked at through page-watch.ts, ended as a person ends it.
import { chromium } from '@playwright/test'
import type { BrowserContext, CDPSession, Page } from '@playwright/test'
import { CHROMIUM_FLAGS } from '../../scripts/chromium.mjs'
import { browserProgram, LOCALE, NAMED_FUNCTIONS, VIEWPORT } from './launch-options.ts'
import { installPageRows } from './page-rows.ts'
import { installPageWatch } from './page-watch.ts'

export interface Browser {
  page: Page
  version: string
  cdp(): Promise<CDPSession>
  close(): Promise<void>
}

/** @param start words that the page watches for from its first moment on */
export async function startBrowser(profile: string, start: string | null = null): Promise<Browser> {
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: browserProgram(),
    args: [...CHROMIUM_FLAGS],
    locale: LOCALE,
    viewport: VIEWPORT
  })
  await context.addInitScript({ content: NAMED_FUNCTIONS })
  await context.addInitScript(installPageRows)
  await context.addInitScript(installPageWatch, start)
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    page,
    version: context.browser()?.version() ?? 'unknown',
    cdp: () => context.newCDPSession(page),
    close: () => context.close()
  }
}

/** From the beginning of the navigation until the words of `startBrowser` were painted, in ms. */
export async function openTimed(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' })
  const painted = await page.evaluate(() => window.benchWatch.prepared)
  if (painted === undefined) throw new Error('the page was not told what to watch for')
  return painted
}

/** Begins to watch for words; `painted` tells when they were there (performance.now()). */
export async function watchFor(page: Page, start: string): Promise<void> {
  await page.evaluate((words) => {
    window.benchWatch.prepared = window.benchWatch.shown(words)
  }, start)
}

export async function painted(page: Page): Promise<number> {
  return (await page.evaluate(() => window.benchWatch.prepared)) ?? NaN
}
