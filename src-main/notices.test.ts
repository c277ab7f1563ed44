import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notice } from '../src-renderer/platform/bridge.ts'
import { createNotices } from './notices.ts'
import { Notification } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const hall: Notice = {
  tag: 'hall',
  title: 'Hall',
  body: 'Mina: hello',
  place: { roomId: 'hall', seq: 3 },
  covers: { hall: 3 },
  count: 1,
  alert: true,
  mayReply: true
}

const heard = {
  comeForward: vi.fn<() => void>(),
  onOpened: vi.fn<() => void>(),
  onReplied: vi.fn<() => void>(),
  onProblem: vi.fn<(problem: unknown) => void>()
}
const create = (platform: NodeJS.Platform = 'darwin') =>
  createNotices({ platform, texts: { reply: 'Reply', notSent: 'Not sent' }, ...heard })

beforeEach(() => {
  Notification.made.length = 0
  Notification.onActivation = undefined
  for (const each of Object.values(heard)) each.mockClear()
})

const screen = () => Notification.onScreen().map(({ title, body }) => ({ title, body }))
function only(): Notification {
  const [one, ...others] = Notification.onScreen()
  if (!one || others.length > 0) throw new Error('not one notification')
  return one
}

describe('a notification', () => {
  it('is one a tag: another one takes its place, under the same name for the system', () => {
    const notices = create()
    notices.show(hall)
    const { id } = only()
    notices.show({ ...hall, body: '2 new messages', count: 2 })
    expect(screen()).toEqual([{ title: 'Hall', body: '2 new messages' }])
    expect([only().id, only().shows]).toEqual([id, 2])
    notices.show({ ...hall, tag: 'garden', title: 'Garden' })
    expect(screen().map(({ title }) => title)).toEqual(['Hall', 'Garden'])
    expect(notices.shown().map(({ tag, count }) => [tag, count])).toEqual([
      ['hall', 2],
      ['garden', 1]
    ])
  })

  it('has a name that the system takes, whatever the tag: short, of letters and digits', () => {
    create().show({ ...hall, tag: `https://relay.test/${'방'.repeat(200)}` })
    expect(only().id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('makes no sound of its own, and is of little urgency where it is not to be noticed', () => {
    const notices = create('linux')
    notices.show(hall)
    expect(only()).toMatchObject({ silent: true, urgency: 'normal' })
    notices.show({ ...hall, alert: false })
    expect(only()).toMatchObject({ silent: true, urgency: 'low' })
    notices.show(hall)
    expect(only().urgency).toBe('normal')
  })

  it('shows what was written as it was written: on Linux, where a text may hold HTML, escaped', () => {
    const body = 'Mina: <b>a & b</b> <a href="http://x">'
    create('linux').show({ ...hall, title: '<i>', body })
    expect(only()).toMatchObject({
      title: '<i>',
      body: 'Mina: &lt;b&gt;a &amp; b&lt;/b&gt; &lt;a href="http://x"&gt;'
    })
    Notification.made.length = 0
    create('darwin').show({ ...hall, body })
    expect(only().body).toBe(body)
  })

  it('goes when it is withdrawn, and one that is not there is no error', () => {
    const notices = create()
    notices.show(hall)
    notices.withdraw('hall')
    notices.withdraw('hall')
    notices.withdraw('garden')
    expect([screen(), notices.shown()]).toEqual([[], []])
  })

  it('is not shown any more once the person has closed it; in Windows’ list it still is, and can be withdrawn', () => {
    const notices = create()
    notices.show(hall)
    only().emit('close', { reason: 'timedOut' })
    expect(notices.shown()).toHaveLength(1)
    const native = only()
    native.emit('close', { reason: 'userCanceled' })
    expect(notices.shown()).toEqual([])
    notices.show(hall)
    native.emit('close', {})
    expect(notices.shown()).toHaveLength(1)
  })

  it('that the system refuses is told, and counts as not shown', () => {
    const notices = create()
    notices.show(hall)
    only().emit('failed', {}, 'not signed')
    expect(notices.shown()).toEqual([])
    expect(String(heard.onProblem.mock.calls[0]?.[0])).toContain('not signed')
  })

  it('brings the app forward when it is clicked, and its place is kept until a page takes it, once', () => {
    const notices = create()
    notices.show(hall)
    notices.show({ ...hall, tag: 'more', place: null })
    expect(notices.takeOpened()).toBeNull()
    Notification.made[0]?.emit('click', {})
    expect(heard.comeForward).toHaveBeenCalledOnce()
    expect(heard.onOpened).toHaveBeenCalledOnce()
    expect(notices.takeOpened()).toEqual({ place: { roomId: 'hall', seq: 3 } })
    expect(notices.takeOpened()).toBeNull()
    Notification.made[1]?.emit('click', {})
    expect(notices.takeOpened()).toEqual({ place: null })
  })

  it('leads to where the newest of its tag leads', () => {
    const notices = create()
    notices.show(hall)
    notices.show({ ...hall, place: { roomId: 'hall', seq: 7 } })
    only().emit('click', {})
    expect(notices.takeOpened()).toEqual({ place: { roomId: 'hall', seq: 7 } })
  })
})

describe('a reply', () => {
  it('can be written only where the page allows it', () => {
    const notices = create()
    notices.show(hall)
    expect(only()).toMatchObject({ hasReply: true, replyPlaceholder: 'Reply' })
    notices.show({ ...hall, mayReply: false })
    expect(only().hasReply).toBe(false)
    notices.show({ ...hall, place: null })
    expect(only().hasReply).toBe(false)
  })

  it('waits until a page has kept it, takes the notification off the screen and disturbs no window', () => {
    const notices = create()
    notices.show(hall)
    only().emit('reply', { reply: 'on my way' }, 'on my way')
    expect(screen()).toEqual([])
    expect(heard.onReplied).toHaveBeenCalledOnce()
    expect(heard.comeForward).not.toHaveBeenCalled()
    notices.show(hall)
    only().emit('reply', { reply: 'really' }, 'really')
    const place = { roomId: 'hall', seq: 3 }
    const [first, second] = notices.replies()
    expect([first, second]).toMatchObject([
      { place, text: 'on my way' },
      { place, text: 'really' }
    ])
    expect(first?.id).not.toBe(second?.id)
    notices.replyKept(first?.id ?? '')
    notices.replyKept(first?.id ?? '')
    expect(notices.replies()).toEqual([second])
  })
})

describe('on Windows, a notification of an earlier run', () => {
  it('brings the app forward; what was answered there is not lost without a word', () => {
    const notices = create('win32')
    Notification.onActivation?.({ type: 'click', arguments: 'type=click&tag=1' })
    expect(heard.comeForward).toHaveBeenCalledOnce()
    expect(screen()).toEqual([])
    Notification.onActivation?.({ type: 'reply', arguments: 'type=reply&tag=1', reply: 'on my way' })
    expect(screen()).toEqual([{ title: 'Not sent', body: 'on my way' }])
    expect(notices.shown()).toEqual([])
  })

  it('is told apart from those of this run, which have told already', () => {
    create('win32').show(hall)
    Notification.onActivation?.({ type: 'reply', arguments: '', reply: 'on my way' })
    expect(heard.comeForward).not.toHaveBeenCalled()
    expect(screen()).toHaveLength(1)
  })

  it('elsewhere nobody asks', () => {
    create('darwin')
    expect(Notification.onActivation).toBeUndefined()
  })
})

describe('what the shell says by itself', () => {
  it('leads to the app and to no room, and is none of the page’s', () => {
    const notices = create()
    notices.say('Still here', 'Quit it in the tray')
    expect(notices.shown()).toEqual([])
    only().emit('click', {})
    expect(heard.comeForward).toHaveBeenCalledOnce()
    expect(heard.onOpened).not.toHaveBeenCalled()
    expect(notices.takeOpened()).toBeNull()
  })

  it('goes with everything else', () => {
    const notices = create()
    notices.show(hall)
    notices.say('Still here', '')
    notices.withdrawAll()
    expect([screen(), notices.shown()]).toEqual([[], []])
  })
})
