import { beforeEach, describe, expect, it, vi } from 'vitest'
import { answerQuestions } from './ipc.ts'
import type { Answers } from './ipc.ts'
import { FakeFrame, FakeWebContents, ipcMain } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const SETTINGS = { closeToTray: true, startAtLogin: false, spelling: false, updates: false }

const answers = {
  'desktop:facts': vi.fn<Answers['desktop:facts']>(async () => ({ platform: 'linux', version: '1.2.3' })),
  'desktop:take-link': vi.fn<Answers['desktop:take-link']>(async () => 'maru://join'),
  'secret:load': vi.fn<Answers['secret:load']>(async () => 'kept'),
  'secret:save': vi.fn<Answers['secret:save']>(async () => 'encrypted'),
  'secret:forget': vi.fn<Answers['secret:forget']>(async () => {}),
  'secret:kept': vi.fn<Answers['secret:kept']>(async () => 'this-run-only'),
  'relay:why-unreachable': vi.fn<Answers['relay:why-unreachable']>(async () => 'refused'),
  'settings:load': vi.fn<Answers['settings:load']>(async () => ({
    settings: SETTINGS,
    can: { tray: true, startAtLogin: true, spelling: 'downloads', updates: true }
  })),
  'settings:change': vi.fn<Answers['settings:change']>(async () => SETTINGS),
  'machine:use': vi.fn<Answers['machine:use']>(async () => 'idle')
}

beforeEach(() => {
  ipcMain.handlers.clear()
  for (const answer of Object.values(answers)) answer.mockClear()
  answerQuestions(answers)
})

async function ask(channel: string, args: unknown[], from = 'page'): Promise<unknown> {
  const handler = ipcMain.handlers.get(channel)
  if (!handler) throw new Error(`nobody answers ${channel}`)
  const sender = new FakeWebContents()
  let senderFrame: FakeFrame | null = sender.mainFrame
  if (from === 'gone') senderFrame = null
  else if (from === 'subframe') senderFrame = new FakeFrame('app://maru/index.html')
  else if (from !== 'page') sender.mainFrame.url = from
  return handler({ sender, senderFrame }, ...args)
}

const questions: [channel: keyof Answers, args: unknown[]][] = [
  ['desktop:facts', []],
  ['desktop:take-link', []],
  ['secret:load', []],
  ['secret:save', ['text']],
  ['secret:forget', []],
  ['secret:kept', []],
  ['relay:why-unreachable', ['http://relay.test:4100']],
  ['settings:load', []],
  ['settings:change', [{ spelling: true }]],
  ['machine:use', []]
]

describe('the page asks', () => {
  it('and is answered on exactly these channels', async () => {
    expect([...ipcMain.handlers.keys()].toSorted()).toEqual(questions.map(([channel]) => channel).toSorted())
    expect(await ask('desktop:facts', [])).toEqual({ platform: 'linux', version: '1.2.3' })
    expect(await ask('desktop:take-link', [])).toBe('maru://join')
    expect(await ask('secret:load', [])).toBe('kept')
    expect(await ask('secret:save', ['text'])).toBe('encrypted')
    expect(answers['secret:save']).toHaveBeenCalledWith('text')
    await ask('secret:forget', [])
    expect(answers['secret:forget']).toHaveBeenCalledOnce()
    expect(await ask('secret:kept', [])).toBe('this-run-only')
    for (const url of ['http://relay.test:4100', 'https://192.168.0.10']) {
      expect(await ask('relay:why-unreachable', [url])).toBe('refused')
      expect(answers['relay:why-unreachable']).toHaveBeenLastCalledWith(url)
    }
    await ask('settings:change', [{ closeToTray: false, updates: true }])
    expect(answers['settings:change']).toHaveBeenCalledWith({ closeToTray: false, updates: true })
    expect(await ask('machine:use', [])).toBe('idle')
  })

  it.each(questions)('%s: nobody else may', async (channel, args) => {
    for (const from of ['subframe', 'gone', 'https://example.org/', 'app://other/', 'about:blank', '']) {
      await expect(ask(channel, args, from)).rejects.toThrow("only be asked by the app's own page")
    }
    expect(answers[channel]).not.toHaveBeenCalled()
  })

  it.each([
    ['desktop:facts', ['more']],
    ['secret:load', [1]],
    ['secret:save', []],
    ['secret:save', [{ toString: 'x' }]],
    ['secret:save', ['text', 'more']],
    ['secret:save', ['x'.repeat(65_537)]],
    ['secret:forget', [null]],
    ['secret:kept', ['encrypted']],
    ['settings:load', ['all']],
    ['settings:change', []],
    ['settings:change', [null]],
    ['settings:change', [{ spelling: 'yes' }]],
    ['settings:change', [{ path: '/etc/passwd' }]],
    ['settings:change', [{ spelling: true, path: '/etc/passwd' }]],
    ['machine:use', [1]],
    ['relay:why-unreachable', []],
    ['relay:why-unreachable', [['http://relay.test']]],
    ['relay:why-unreachable', ['relay.test:4100']],
    ['relay:why-unreachable', ['http://']],
    ['relay:why-unreachable', ['file:///etc/passwd']],
    ['relay:why-unreachable', ['app://maru/index.html']],
    ['relay:why-unreachable', ['javascript:alert(1)']],
    ['relay:why-unreachable', [`http://relay.test/${'x'.repeat(2_048)}`]],
    ['relay:why-unreachable', ['http://relay.test', { method: 'POST' }]]
  ] as [keyof Answers, unknown[]][])('%s: not with %j', async (channel, args) => {
    await expect(ask(channel, args)).rejects.toThrow('in a wrong shape')
    expect(answers[channel]).not.toHaveBeenCalled()
  })

  it('and a refusal does not repeat what was sent', async () => {
    const problem = await ask('secret:save', ['the token', 'more']).catch((error: unknown) => error)
    expect(String(problem)).not.toContain('the token')
  })
})
