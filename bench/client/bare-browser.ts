// A browser for starts that are timed, with nothing on that a person's has not: Runtime, Network, Log and Debugger are never enabled. Under Playwright
// V8 keeps the stack of each Error that is made, for which it parses whole scripts again, and requests are reported: a third of a start.
import { wait, within } from '../row.ts'
import { startChromium } from './chromium-process.ts'
import { openDevtools } from './devtools.ts'
import type { Ask } from './devtools.ts'
import { NAMED_FUNCTIONS, VIEWPORT } from './launch-options.ts'
import { installPageWatch } from './page-watch.ts'

const END_LIMIT_MS = 30_000
const REST_LIMIT_MS = 30_000
const REST_SAMPLE_MS = 100
/** In so many samples one after the other. */
const REST_SAMPLES = 3
/** Of one core, all processes of the browser together. Linux charges them 10 ms at once: one such tick in a sample is rest. */
const REST_SHARE = 0.15

export interface BareBrowser {
  /** From the beginning of the navigation until the words of `startBareBrowser` were painted, in ms. To be called once. */
  openTimed(url: string): Promise<number>
  /** What the function gives in the page; it must not use anything outside itself. Rejects with what it throws there. */
  evaluate<T>(work: () => T | Promise<T>): Promise<T>
  /** Ends it as a person does: resolves when the profile is written. Rejects if it ended otherwise, or has to be killed after 30 seconds. */
  close(): Promise<void>
}

/**
 * Resolves when the browser has come to rest before an empty page. What goes wrong rejects, and leaves no process.
 * @param start words that the page watches for from its first moment on
 */
export async function startBareBrowser(profile: string, start: string): Promise<BareBrowser> {
  const chromium = await startChromium(profile)
  try {
    const reason = chromium.ended.then(({ why }) => why)
    const { ask, askIn } = await openDevtools(chromium.devtoolsUrl, reason)
    const { targetId } = await ask('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true })
    const askPage = askIn(sessionId)
    await askPage('Emulation.setDeviceMetricsOverride', { ...VIEWPORT, deviceScaleFactor: 1, mobile: false })
    // For the script: the page runs none without.
    await askPage('Page.enable')
    const watch = `(${installPageWatch.toString()})(${JSON.stringify(start)})`
    await askPage('Page.addScriptToEvaluateOnNewDocument', { source: `${NAMED_FUNCTIONS};${watch}` })
    await within(REST_LIMIT_MS, 'the browser at rest', untilAtRest(ask))
    return {
      openTimed: async (url) => openTimed(askPage, url),
      evaluate: async (work) => evaluate(askPage, work),
      async close() {
        try {
          // Its end may overtake the answer; that it was heard shows in the end alone.
          ask('Browser.close').catch(() => undefined)
          const { clean, why } = await within(END_LIMIT_MS, 'the end of the browser', chromium.ended)
          if (!clean) throw new Error(why)
        } finally {
          chromium.kill()
        }
      }
    }
  } catch (error) {
    chromium.kill()
    throw error
  }
}

async function openTimed(askPage: Ask, url: string): Promise<number> {
  const { errorText } = await askPage('Page.navigate', { url })
  if (errorText !== undefined) throw new Error(`${url}: ${errorText}`)
  const painted = await evaluate(askPage, () => window.benchWatch.prepared)
  if (painted === undefined) throw new Error('the page was not told what to watch for')
  return painted
}

async function evaluate<T>(askPage: Ask, work: () => T | Promise<T>): Promise<T> {
  const expression = `(${work.toString()})()`
  const { result, exceptionDetails } = await askPage('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true
  })
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  // NaN and the like do not come as a value.
  if (result.unserializableValue !== undefined) throw new Error(`the page gave ${result.unserializableValue}`)
  return result.value as T
}

/**
 * Chromium is busy with its own windows for most of a second after it has opened a page, and would take that from the start. No event says when that
 * is done, only the time that its processes have taken.
 */
async function untilAtRest(ask: Ask): Promise<void> {
  const most = (REST_SHARE * REST_SAMPLE_MS) / 1_000
  let taken = new Map<number, number>()
  for (let samples = 0; samples < REST_SAMPLES;) {
    await wait(REST_SAMPLE_MS)
    const { processInfo } = await ask('SystemInfo.getProcessInfo')
    const more = processInfo.reduce((sum, { id, cpuTime }) => sum + cpuTime - (taken.get(id) ?? 0), 0)
    taken = new Map(processInfo.map(({ id, cpuTime }) => [id, cpuTime]))
    samples = more <= most ? samples + 1 : 0
  }
}
