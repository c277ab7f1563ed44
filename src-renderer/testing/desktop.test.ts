// @vitest-environment happy-dom
import { BehaviorSubject } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { MAX_BODY_CHARS } from '../../protocol/limits.ts'
import type { Availability } from '../../protocol/live.ts'
import { startDesktop } from '../desktop.ts'
import type { AtRelay } from '../desktop.ts'
import { onLastMoment, tellLastMoment } from '../platform/last-moment.ts'
import type { Notice, NoticePlace, ShellNotifier, ShellTray } from '../platform/bridge.ts'
import type { ChatCommands, ChatQueries } from '../store/chat-store.ts'

/** As the shell names an answer. */
const REPLY = '01930000-0000-7000-8000-00000000000a'

/** A shell, and somebody signed in. */
function started({ fails = false } = {}) {
  const heard = {
    open: (_place: NoticePlace | null): void => {},
    reply: async (_place: NoticePlace, _text: string, _id: string): Promise<void> => {},
    dnd: (_on: boolean): void => {}
  }
  let stopped = 0
  const stop = () => void stopped++
  const shownDnd: (boolean | null)[] = []
  const onScreen = new Set(['home/hall', 'home/garden', 'work/hall'])
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
    sendMessages: vi.fn<ChatCommands['sendMessages']>(async () => {
      if (fails) throw new Error('the device is full')
      return 'id'
    }),
    setAvailability: vi.fn<(wanted: Availability) => Promise<void>>(async (wanted) => {
      if (fails) throw new Error('the device is full')
      availability.next({ availability: wanted })
    })
  }
  const other = new BehaviorSubject<{ availability: Availability }>({ availability: 'auto' })
  const otherCommands = {
    sendMessages: vi.fn<ChatCommands['sendMessages']>(async () => 'id'),
    setAvailability: vi.fn<(wanted: Availability) => Promise<void>>(async (wanted) =>
      other.next({ availability: wanted })
    )
  }
  const home = atRelay('home', commands, availability)
  const work = atRelay('work', otherCommands, other)
  const relays = new BehaviorSubject<readonly AtRelay[]>([home])
  const problems: unknown[] = []
  const places: NoticePlace[] = []
  const end = startDesktop(
    { notifications: notifications as unknown as ShellNotifier, tray },
    relays,
    (place) => places.push(place),
    (problem) => problems.push(problem)
  )
  return {
    relays,
    home,
    work,
    other,
    otherCommands,
    places,
    heard,
    shownDnd,
    availability,
    commands,
    problems,
    end,
    onScreen,
    stopped: () => stopped
  }
}

function atRelay(
  relayId: string,
  commands: object,
  preferences: BehaviorSubject<{ availability: Availability }>
): AtRelay {
  const queries = { watchPreferences: () => preferences } as unknown as ChatQueries
  return { relayId, store: { commands: commands as ChatCommands, queries } }
}

describe('a notification of the shell', () => {
  it('leads to its message or its room, of whatever relay, or to the app as it stands', () => {
    const { heard, places } = started()
    const led = [
      { relayId: 'work', roomId: 'hall', seq: 7 },
      { roomId: 'garden', seq: null }
    ]
    for (const place of [...led, null]) heard.open(place)
    expect(places).toEqual(led)
  })

  it('takes an answer, which is said in its room like anything else', async () => {
    const { heard, commands } = started()
    await heard.reply({ roomId: 'hall', seq: 7 }, ' on my way\n', REPLY)
    expect(commands.sendMessages.mock.calls).toEqual([['hall', [{ body: 'on my way' }], { messageId: REPLY }]])
  })

  it('takes one of any length, and nothing but blanks for no answer', async () => {
    const { heard, commands } = started()
    await heard.reply({ roomId: 'hall', seq: 7 }, ' \n ', REPLY)
    expect(commands.sendMessages).not.toHaveBeenCalled()
    await heard.reply({ roomId: 'hall', seq: 7 }, `${'a'.repeat(MAX_BODY_CHARS)} b`, REPLY)
    expect(commands.sendMessages.mock.calls.flatMap(([, words]) => words.map(({ body }) => body.length))).toEqual([
      MAX_BODY_CHARS,
      1
    ])
  })

  it('an answer that cannot be kept is told, and stays with the shell', async () => {
    const { heard, problems } = started({ fails: true })
    await expect(heard.reply({ roomId: 'hall', seq: 7 }, 'on my way', REPLY)).rejects.toThrow('full')
    expect(problems).toHaveLength(1)
  })
})

describe('at several relays', () => {
  it('an answer is said at the one that it is for, as soon as that one is open', async () => {
    const { heard, commands, otherCommands, relays, home, work } = started()
    const replied = heard.reply({ relayId: 'work', roomId: 'hall', seq: 7 }, 'on my way', REPLY)
    expect(otherCommands.sendMessages).not.toHaveBeenCalled()
    relays.next([home, work])
    await replied
    expect(otherCommands.sendMessages.mock.calls).toEqual([['hall', [{ body: 'on my way' }], { messageId: REPLY }]])
    expect(commands.sendMessages).not.toHaveBeenCalled()
  })

  it('not to be disturbed is at all of them, and goes back to what it was at each', () => {
    const { heard, shownDnd, relays, home, work, availability, other } = started()
    relays.next([home, work])
    availability.next({ availability: 'dnd' })
    other.next({ availability: 'invisible' })
    expect(shownDnd).toEqual([false])
    heard.dnd(true)
    expect([availability.value.availability, other.value.availability, shownDnd]).toEqual(['dnd', 'dnd', [false, true]])
    heard.dnd(false)
    expect([availability.value.availability, other.value.availability]).toEqual(['auto', 'invisible'])
    expect(shownDnd.at(-1)).toBe(false)
  })

  it('what comes while there is none waits in the shell, and each relay that goes takes its own words along', async () => {
    const { relays, home, work, onScreen, stopped, shownDnd } = started()
    relays.next([home, work])
    await Promise.resolve()
    expect(onScreen.size).toBe(3)
    relays.next([work])
    expect(stopped()).toBe(0)
    await vi.waitFor(() => expect([...onScreen]).toEqual(['work/hall']))
    relays.next([])
    expect([stopped(), shownDnd.at(-1)]).toEqual([3, null])
    relays.next([home])
    expect(shownDnd.at(-1)).toBe(false)
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
  const { relays, onScreen, stopped, shownDnd, availability } = started()
  relays.next([])
  availability.next({ availability: 'dnd' })
  expect(stopped()).toBe(3)
  expect(shownDnd).toEqual([false, null])
  await vi.waitFor(() => expect([...onScreen]).toEqual(['work/hall']))
})

it('a window that is closed leaves on the screen what is there, and hears nothing more', () => {
  const { end, onScreen, stopped, shownDnd } = started()
  end()
  expect([stopped(), onScreen.size, shownDnd]).toEqual([3, 3, [false, null]])
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
