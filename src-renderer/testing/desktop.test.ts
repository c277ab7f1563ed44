import { BehaviorSubject } from 'rxjs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { MAX_BODY_CHARS } from '../../protocol/limits.ts'
import type { Availability } from '../../protocol/live.ts'
import { startDesktop } from '../desktop.ts'
import { onLastMoment, tellLastMoment } from '../platform/last-moment.ts'
import type { Notice, NoticePlace, ShellNotifier, ShellTray } from '../platform/bridge.ts'
import type { ChatCommands, ChatQueries } from '../store/chat-store.ts'

/** A shell, and somebody signed in. */
function started({ fails = false } = {}) {
  const heard = {
    open: (_place: NoticePlace | null): void => {},
    reply: async (_place: NoticePlace, _text: string): Promise<void> => {},
    dnd: (_on: boolean): void => {}
  }
  let stopped = 0
  const stop = () => void stopped++
  const shownDnd: (boolean | null)[] = []
  const onScreen = new Set(['hall', 'garden'])
  const notifications = {
    shown: async () => [...onScreen].map((tag) => ({ tag }) as Notice),
    withdraw: async (tag) => void onScreen.delete(tag),
    onOpen: (open) => {
      heard.open = open
      return stop
    },
    onReply: (reply) => {
      heard.reply = reply
      return stop
    }
  } satisfies Pick<ShellNotifier, 'onOpen' | 'onReply' | 'shown' | 'withdraw'>
  const tray: ShellTray = {
    showDnd: async (on) => void shownDnd.push(on),
    onDnd: (change) => {
      heard.dnd = change
      return stop
    }
  }
  const availability = new BehaviorSubject<{ availability: Availability }>({ availability: 'auto' })
  const commands = {
    sendMessage: vi.fn<(roomId: string, body: string) => Promise<string>>(async () => {
      if (fails) throw new Error('the device is full')
      return 'id'
    }),
    setAvailability: vi.fn<(wanted: Availability) => Promise<void>>(async (wanted) => {
      if (fails) throw new Error('the device is full')
      availability.next({ availability: wanted })
    })
  }
  const problems: unknown[] = []
  const end = startDesktop(
    { notifications: notifications as unknown as ShellNotifier, tray },
    {
      commands: commands as unknown as ChatCommands,
      queries: { watchPreferences: () => availability } as unknown as ChatQueries
    },
    (problem) => problems.push(problem)
  )
  return { heard, shownDnd, availability, commands, problems, end, onScreen, stopped: () => stopped }
}

beforeEach(() => {
  window.location.hash = ''
})

describe('a notification of the shell', () => {
  it('leads to its message, its room, or to the app as it stands', () => {
    const { heard } = started()
    heard.open({ roomId: 'hall', seq: 7 })
    expect(window.location.hash).toBe('#/room/hall/message/7')
    heard.open({ roomId: 'garden', seq: null })
    expect(window.location.hash).toBe('#/room/garden')
    heard.open(null)
    expect(window.location.hash).toBe('#/room/garden')
  })

  it('takes an answer, which is said in its room like anything else', async () => {
    const { heard, commands } = started()
    await heard.reply({ roomId: 'hall', seq: 7 }, ' on my way\n')
    expect(commands.sendMessage.mock.calls).toEqual([['hall', 'on my way']])
  })

  it('takes one of any length, and nothing but blanks for no answer', async () => {
    const { heard, commands } = started()
    await heard.reply({ roomId: 'hall', seq: 7 }, ' \n ')
    expect(commands.sendMessage).not.toHaveBeenCalled()
    await heard.reply({ roomId: 'hall', seq: 7 }, `${'a'.repeat(MAX_BODY_CHARS)} b`)
    expect(commands.sendMessage.mock.calls.map(([, body]) => body.length)).toEqual([MAX_BODY_CHARS, 1])
  })

  it('an answer that cannot be kept is told, and stays with the shell', async () => {
    const { heard, problems } = started({ fails: true })
    await expect(heard.reply({ roomId: 'hall', seq: 7 }, 'on my way')).rejects.toThrow('full')
    expect(problems).toHaveLength(1)
  })
})

describe('not to be disturbed, in the tray [S14.3]', () => {
  it('is what the person has chosen, on whatever device', () => {
    const { shownDnd, availability } = started()
    availability.next({ availability: 'dnd' })
    availability.next({ availability: 'dnd' })
    availability.next({ availability: 'invisible' })
    expect(shownDnd).toEqual([false, true, false])
  })

  it('is chosen there, and taken back to what was before', () => {
    const { heard, commands, availability } = started()
    availability.next({ availability: 'invisible' })
    heard.dnd(true)
    heard.dnd(true)
    heard.dnd(false)
    expect(commands.setAvailability.mock.calls).toEqual([['dnd'], ['invisible']])
  })

  it('chosen elsewhere, it is taken back to the usual', () => {
    const { heard, commands, availability } = started()
    availability.next({ availability: 'dnd' })
    heard.dnd(false)
    expect(commands.setAvailability.mock.calls).toEqual([['auto']])
  })

  it('that cannot be kept is told, and the tray shows what holds', async () => {
    const { heard, shownDnd, problems } = started({ fails: true })
    heard.dnd(true)
    await vi.waitFor(() => expect(shownDnd).toEqual([false, false]))
    expect(problems).toHaveLength(1)
  })
})

it('who signs out hears nothing more, leaves no words on the screen, and the tray knows that nobody is there', async () => {
  const { end, onScreen, stopped, shownDnd, availability } = started()
  end()
  availability.next({ availability: 'dnd' })
  expect(stopped()).toBe(3)
  expect(shownDnd).toEqual([false, null])
  await vi.waitFor(() => expect(onScreen.size).toBe(0))
})

it('before the page may be gone, whoever has something to keep is asked: when it is left, and when the app quits', () => {
  const keep = vi.fn<() => void>()
  const stop = onLastMoment(keep)
  window.dispatchEvent(new Event('pagehide'))
  tellLastMoment()
  expect(keep).toHaveBeenCalledTimes(2)
  stop()
  window.dispatchEvent(new Event('pagehide'))
  tellLastMoment()
  expect(keep).toHaveBeenCalledTimes(2)
})
