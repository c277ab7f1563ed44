import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from 'electron'
import { fenceDownloads } from './downloads.ts'
import { pageTextsFor } from './page-texts.ts'
import { dialog, FakeFrame, FakeSession, FakeWebContents, shell } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const texts = pageTextsFor(['en'])

class Item extends EventEmitter {
  readonly urls: string[]
  readonly initiator: string
  asked: object | undefined
  constructor(url: string | string[], initiator: string) {
    super()
    this.urls = [url].flat()
    this.initiator = initiator
  }
  getURL = () => this.urls.at(-1) ?? ''
  getURLChain = () => this.urls
  getInitiatorOrigin = () => this.initiator
  getFilename = () => 'maru.json'
  setSaveDialogOptions(options: object): void {
    this.asked = options
  }
}

let session: FakeSession
let contents: FakeWebContents
const onProblem = vi.fn<(problem: unknown) => void>()

beforeEach(() => {
  dialog.boxes = []
  onProblem.mockClear()
  session = new FakeSession()
  contents = new FakeWebContents()
  fenceDownloads(session as unknown as Session, { texts, currentWindow: () => null, onProblem })
})

function begin(url: string | string[], initiator = 'app://maru', frame: unknown = contents.mainFrame) {
  const item = new Item(url, initiator)
  const preventDefault = vi.fn<() => void>()
  session.emit('will-download', { preventDefault }, item, contents, frame)
  return { item, refused: preventDefault.mock.calls.length > 0 }
}

describe('a download', () => {
  it.each(['blob:app://maru/0b5f', 'app://maru/notice.wav'])(
    'of the page itself is put where the person says: %s',
    (url) => {
      const { item, refused } = begin(url)
      expect([refused, item.asked]).toEqual([false, { title: texts.saveFile }])
      expect(begin(url, 'app://maru', null).refused).toBe(false)
      expect(onProblem).not.toHaveBeenCalled()
    }
  )

  it.each([
    ['https://relay.example/file.exe', 'app://maru'],
    ['blob:https://evil.example/0b5f', 'app://maru'],
    ['blob:app://maru.evil/0b5f', 'app://maru'],
    ['data:text/html,x', 'app://maru'],
    ['file:///etc/passwd', 'app://maru'],
    ['blob:app://maru/0b5f', 'https://evil.example'],
    ['blob:app://maru/0b5f', 'null'],
    ['blob:app://maru/0b5f', '']
  ])('of anything else, or asked for by anybody else, is refused and told of: %s by %j', (url, initiator) => {
    expect(begin(url, initiator).refused).toBe(true)
    expect(onProblem).toHaveBeenCalledOnce()
  })

  it('that was led elsewhere on its way, or began in a frame, is refused', () => {
    expect(begin(['app://maru/a.txt', 'https://evil.example/a.txt']).refused).toBe(true)
    expect(begin(['https://evil.example/a.txt', 'app://maru/a.txt']).refused).toBe(true)
    expect(begin('blob:app://maru/0b5f', 'app://maru', new FakeFrame('app://maru/')).refused).toBe(true)
  })

  it('is never opened; a failure is told to the person, a change of mind is not', () => {
    for (const state of ['completed', 'cancelled']) begin('blob:app://maru/1').item.emit('done', {}, state)
    expect([dialog.boxes, shell.opened, onProblem.mock.calls]).toEqual([[], [], []])
    begin('blob:app://maru/1').item.emit('done', {}, 'interrupted')
    expect(dialog.boxes).toMatchObject([
      { window: null, message: texts.notSaved, detail: texts.notSavedDetail('maru.json') }
    ])
    expect(onProblem).toHaveBeenCalledOnce()
  })

  it('that is refused is not told with its whole address, which may carry a secret', () => {
    begin('https://relay.example/file?token=s3cret')
    expect(String(onProblem.mock.calls[0]?.[0])).toBe('Error: a download from https://relay.example was refused')
  })
})
