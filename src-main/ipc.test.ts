import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notice } from '../src-renderer/platform/bridge.ts'
import { answerQuestions } from './ipc.ts'
import type { Answers } from './ipc.ts'
import { FakeFrame, FakeWebContents, ipcMain } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const SETTINGS = { closeToTray: true, startAtLogin: false, spelling: false, updates: false }

const FINGERPRINT = 'ab'.repeat(32)
const HOST_WISH = { address: '192.168.0.10', port: 4100, name: 'Home' }

const NOTICE: Notice = {
  tag: 'hall',
  title: 'Hall',
  body: 'Mina: hello',
  place: { roomId: 'hall', seq: 3 },
  covers: { hall: 3 },
  count: 1,
  alert: true,
  mayReply: true
}

const answers = {
  'desktop:facts': vi.fn<Answers['desktop:facts']>(async () => ({ platform: 'linux', version: '1.2.3' })),
  'desktop:take-link': vi.fn<Answers['desktop:take-link']>(async () => 'maru://join'),
  'secret:load': vi.fn<Answers['secret:load']>(async () => 'kept'),
  'secret:save': vi.fn<Answers['secret:save']>(async () => 'encrypted'),
  'secret:forget': vi.fn<Answers['secret:forget']>(async () => {}),
  'secret:kept': vi.fn<Answers['secret:kept']>(async () => 'this-run-only'),
  'relay:why-unreachable': vi.fn<Answers['relay:why-unreachable']>(async () => 'refused'),
  'certificate:pin': vi.fn<Answers['certificate:pin']>(async () => {}),
  'certificate:pinned': vi.fn<Answers['certificate:pinned']>(async () => null),
  'certificate:unpin': vi.fn<Answers['certificate:unpin']>(async () => {}),
  'host:state': vi.fn<Answers['host:state']>(async () => ({ name: 'off' })),
  'host:addresses': vi.fn<Answers['host:addresses']>(async () => []),
  'host:chosen': vi.fn<Answers['host:chosen']>(async () => null),
  'host:start': vi.fn<Answers['host:start']>(async () => {}),
  'host:stop': vi.fn<Answers['host:stop']>(async () => {}),
  'host:backup': vi.fn<Answers['host:backup']>(async () => null),
  'relays:found': vi.fn<Answers['relays:found']>(async () => []),
  'settings:load': vi.fn<Answers['settings:load']>(async () => ({
    settings: SETTINGS,
    can: { tray: true, startAtLogin: true, spelling: 'downloads', updates: true }
  })),
  'settings:change': vi.fn<Answers['settings:change']>(async () => SETTINGS),
  'machine:use': vi.fn<Answers['machine:use']>(async () => 'idle'),
  'notice:show': vi.fn<Answers['notice:show']>(async () => {}),
  'notice:withdraw': vi.fn<Answers['notice:withdraw']>(async () => {}),
  'notice:shown': vi.fn<Answers['notice:shown']>(async () => [NOTICE]),
  'notice:badge': vi.fn<Answers['notice:badge']>(async () => {}),
  'notice:take-opened': vi.fn<Answers['notice:take-opened']>(async () => ({ place: null })),
  'notice:replies': vi.fn<Answers['notice:replies']>(async () => []),
  'notice:reply-kept': vi.fn<Answers['notice:reply-kept']>(async () => {}),
  'tray:show-dnd': vi.fn<Answers['tray:show-dnd']>(async () => {}),
  'tray:take-dnd': vi.fn<Answers['tray:take-dnd']>(async () => true),
  'desktop:flushed': vi.fn<Answers['desktop:flushed']>(async () => {}),
  'updates:state': vi.fn<Answers['updates:state']>(async () => ({ name: 'available', version: '2.0.0' })),
  'updates:look': vi.fn<Answers['updates:look']>(async () => {}),
  'updates:download': vi.fn<Answers['updates:download']>(async () => {}),
  'updates:install': vi.fn<Answers['updates:install']>(async () => {}),
  'updates:postpone': vi.fn<Answers['updates:postpone']>(async () => {})
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
  ['certificate:pin', ['https://relay.test', FINGERPRINT]],
  ['certificate:pinned', ['https://relay.test']],
  ['certificate:unpin', ['https://relay.test', null]],
  ['host:state', []],
  ['host:addresses', []],
  ['host:chosen', []],
  ['host:start', [HOST_WISH]],
  ['host:stop', []],
  ['host:backup', []],
  ['relays:found', []],
  ['settings:load', []],
  ['settings:change', [{ spelling: true }]],
  ['machine:use', []],
  ['notice:show', [NOTICE]],
  ['notice:withdraw', ['hall']],
  ['notice:shown', []],
  ['notice:badge', [3]],
  ['notice:take-opened', []],
  ['notice:replies', []],
  ['notice:reply-kept', [1]],
  ['tray:show-dnd', [null]],
  ['tray:take-dnd', []],
  ['desktop:flushed', []],
  ['updates:state', []],
  ['updates:look', []],
  ['updates:download', []],
  ['updates:install', []],
  ['updates:postpone', []]
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
    const ofARelay = { relayId: 'home', roomId: 'hall', seq: 3 }
    for (const place of [NOTICE.place, ofARelay, { roomId: 'hall', seq: null }, null]) {
      await ask('notice:show', [{ ...NOTICE, place }])
      expect(answers['notice:show']).toHaveBeenLastCalledWith({ ...NOTICE, place })
    }
    expect(await ask('notice:shown', [])).toEqual([NOTICE])
    expect(await ask('notice:take-opened', [])).toEqual({ place: null })
    expect(await ask('tray:take-dnd', [])).toBe(true)
    expect(await ask('updates:state', [])).toEqual({ name: 'available', version: '2.0.0' })
    for (const on of [true, false, null]) await ask('tray:show-dnd', [on])
    expect(answers['tray:show-dnd'].mock.calls).toEqual([[true], [false], [null]])
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
    ['notice:show', []],
    ['notice:show', ['hello']],
    ['notice:show', [{ ...NOTICE, tag: '' }]],
    ['notice:show', [{ ...NOTICE, tag: 'x'.repeat(501) }]],
    ['notice:show', [{ ...NOTICE, title: 1 }]],
    ['notice:show', [{ ...NOTICE, body: 'x'.repeat(4_001) }]],
    ['notice:show', [{ ...NOTICE, place: { roomId: 'hall' } }]],
    ['notice:show', [{ ...NOTICE, covers: { hall: 'all' } }]],
    ['notice:show', [{ ...NOTICE, mayReply: 'yes' }]],
    ['notice:show', [{ ...NOTICE, toastXml: '<toast/>' }]],
    ['notice:withdraw', [1]],
    ['notice:shown', ['all']],
    ['notice:badge', [-1]],
    ['notice:badge', [1.5]],
    ['notice:badge', ['3']],
    ['notice:take-opened', [1]],
    ['notice:replies', [1]],
    ['notice:reply-kept', ['1']],
    ['notice:reply-kept', [1]],
    ['tray:show-dnd', []],
    ['tray:show-dnd', ['on']],
    ['tray:take-dnd', [true]],
    ['desktop:flushed', [true]],
    ['certificate:pin', ['https://relay.test', FINGERPRINT.toUpperCase()]],
    ['certificate:pin', ['https://relay.test', `${FINGERPRINT}0`]],
    ['certificate:pin', ['relay.test', FINGERPRINT]],
    ['certificate:pinned', ['file:///etc/passwd']],
    ['certificate:unpin', ['https://relay.test']],
    ['certificate:unpin', ['https://relay.test', 'https://other.test/']],
    ['certificate:unpin', ['https://relay.test', '--inspect']],
    ['host:start', []],
    ['host:start', [{ ...HOST_WISH, port: 0 }]],
    ['host:start', [{ ...HOST_WISH, dataDir: '/etc' }]],
    ['host:backup', ['/etc']],
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
