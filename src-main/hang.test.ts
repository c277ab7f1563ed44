import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { BrowserWindow as RealWindow } from 'electron'
import { recoverFromHangs } from './hang.ts'
import { pageTextsFor } from './page-texts.ts'
import { BrowserWindow, dialog } from './testing/fake-electron.ts'
import type { FakeBrowserWindow, FakeWebContents } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const texts = pageTextsFor(['en'])
let window: FakeBrowserWindow
let contents: FakeWebContents
let waits: { ms: number; work: () => void }[]
const onProblem = vi.fn<(problem: unknown) => void>()
const gone = vi.fn<() => void>()

beforeEach(() => {
  dialog.boxes = []
  waits = []
  onProblem.mockClear()
  gone.mockClear()
  window = new BrowserWindow({ webPreferences: {} })
  contents = window.webContents
  contents.on('render-process-gone', gone)
  recoverFromHangs(window as unknown as RealWindow, { texts, after: (ms, work) => waits.push({ ms, work }), onProblem })
})

async function answer(label: string): Promise<void> {
  const box = dialog.boxes[0]
  box?.answer(box.buttons?.indexOf(label) ?? -1)
  await settled()
}

/** Whatever follows from what was done has been done. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('a page that does not answer', () => {
  it('is asked about once, over its window, and told of; waiting is what happens by itself', () => {
    contents.emit('unresponsive')
    contents.emit('unresponsive')
    expect(dialog.boxes).toHaveLength(1)
    expect(dialog.boxes[0]).toMatchObject({
      window,
      buttons: [texts.wait, texts.loadAnew],
      defaultId: 0,
      cancelId: 0
    })
    expect(onProblem).toHaveBeenCalledOnce()
  })

  it('that answers again is not asked about any more', async () => {
    contents.emit('unresponsive')
    contents.emit('responsive')
    await settled()
    expect([dialog.boxes, waits, gone.mock.calls]).toEqual([[], [], []])
    contents.emit('unresponsive')
    expect(dialog.boxes).toHaveLength(1)
  })

  it('is ended where the person says so: what brings back crashed pages brings it back', async () => {
    contents.emit('unresponsive')
    await answer(texts.loadAnew)
    expect(gone).toHaveBeenCalledOnce()
    expect([waits, contents.reloads]).toEqual([[], 0])
    contents.emit('unresponsive')
    expect(dialog.boxes).toHaveLength(1)
  })

  it('is asked about ever more seldom while the person waits', async () => {
    contents.emit('unresponsive')
    const after: (number | undefined)[] = []
    for (let n = 0; n < 4; n++) {
      await answer(texts.wait)
      const wait = waits.pop()
      after.push(wait?.ms)
      wait?.work()
    }
    expect(after).toEqual([15_000, 60_000, 300_000, 300_000])
    expect(dialog.boxes).toHaveLength(1)
  })

  it.each(['responsive', 'render-process-gone', 'destroyed'])('is not asked about later, after %s', async (event) => {
    contents.emit('unresponsive')
    await answer(texts.wait)
    contents.emit(event)
    waits.pop()?.work()
    expect(dialog.boxes).toEqual([])
  })
})
