// Asks the person what to do with a page that does not answer, and no longer when it answers again. One that is given up is ended: recovery.ts brings it
// back as after a crash.
import { dialog } from 'electron'
import type { BrowserWindow } from 'electron'
import type { PageTexts } from './page-texts.ts'

/** After the person has chosen to wait, it is asked again only after this long; the last one repeats. */
const WAITS_MS = [15_000, 60_000, 300_000]

export interface HangOptions {
  texts: PageTexts
  /** As `setTimeout`. */
  after: (ms: number, work: () => void) => void
  onProblem: (problem: unknown) => void
}

export function recoverFromHangs(window: BrowserWindow, { texts, after, onProblem }: HangOptions): void {
  const contents = window.webContents
  /** Of the hang that lasts. */
  let ending: AbortController | null = null

  const ask = async (signal: AbortSignal, times: number): Promise<void> => {
    const buttons = [texts.wait, texts.loadAnew]
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: texts.hangs,
      detail: texts.hangsDetail,
      buttons,
      defaultId: 0,
      cancelId: 0,
      noLink: true,
      signal
    })
    if (signal.aborted) return
    if (buttons[response] === texts.loadAnew) {
      contents.forcefullyCrashRenderer()
      return
    }
    after(WAITS_MS[Math.min(times, WAITS_MS.length - 1)] ?? 0, () => {
      if (!signal.aborted) ask(signal, times + 1).catch(onProblem)
    })
  }
  const end = (): void => {
    ending?.abort()
    ending = null
  }

  contents.on('unresponsive', () => {
    if (ending !== null) return
    ending = new AbortController()
    onProblem(new Error('the page does not answer'))
    ask(ending.signal, 0).catch(onProblem)
  })
  contents.on('responsive', end)
  contents.on('render-process-gone', end)
  contents.on('destroyed', end)
}
