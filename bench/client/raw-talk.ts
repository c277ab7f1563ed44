// What sending is compared with: pages that keep nothing and draw one paragraph a line, with `ws` alone between them. What this machine, its
// browser and its frames take by themselves.
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { startRawServer } from '../processes.ts'
import { startBrowser } from './browser.ts'
import type { Browser } from './browser.ts'
import { serveRawPage } from './built.ts'

/** Two browsers, each with such a page, connected; `measure` gets both. */
export async function withRawPages<T>(root: string, measure: (pages: [Browser, Browser]) => Promise<T>): Promise<T> {
  const [server, page] = await Promise.all([startRawServer(), serveRawPage()])
  const browsers: Browser[] = []
  const open = async (): Promise<Browser> => {
    const browser = await startBrowser(await mkdtemp(join(root, 'raw-')))
    browsers.push(browser)
    await browser.page.goto(page.url)
    await browser.page.evaluate(async (url) => window.rawPage.connect(url), `ws://127.0.0.1:${server.port}/`)
    return browser
  }
  try {
    return await measure([await open(), await open()])
  } finally {
    await Promise.all(browsers.map(async (each) => each.close()))
    page.close()
    await server.stop()
  }
}
