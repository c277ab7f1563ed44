// What the screen says of who types and who is there, and what the field tells of the person [S14].
import { act, fireEvent, screen, within } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import type { PersonPresence } from '../../protocol/live.ts'
import { Composer } from '../features/composer/composer.tsx'
import type { ComposerTarget } from '../features/composer/target.ts'
import { RoomHeader } from '../features/rooms/room-header.tsx'
import { RoomList } from '../features/rooms/room-list.tsx'
import { TypingLine } from '../features/typing/typing-line.tsx'
import { PersonCardProvider } from '../platform/person-card.tsx'
import { en } from '../texts/en.ts'
import {
  fakeServices,
  inContext,
  ME,
  ROOM,
  roomDetails,
  roomSummary,
  show,
  timelineItem,
  userRecord
} from './fake-services.tsx'

const JIWOO = 'user-jiwoo'
const direct = { kind: 'direct', withUserId: JIWOO, name: 'Jiwoo' } as const
const types = { userIds: [JIWOO], count: 1, aside: false }
const presenceOf = (...people: PersonPresence[]) => new Map(people.map((person) => [person.userId, person]))

/** The simulated browser has no layout. */
let screenShowsAll = true
let comesIntoView: ((target: Element | undefined) => void) | undefined
vi.stubGlobal(
  'IntersectionObserver',
  class {
    constructor(tell: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
      comesIntoView = (target) => target && tell([{ target, isIntersecting: true }])
    }
    observe(target: Element) {
      if (screenShowsAll) comesIntoView?.(target)
    }
    unobserve() {}
  }
)

beforeEach(() => {
  screenShowsAll = true
  window.localStorage.clear()
  window.location.hash = ''
})

it('[S14.1] the line under the messages says who types, and stays in its place when nobody does', () => {
  const { services, typing } = fakeServices()
  show(<TypingLine room={roomDetails()} />, { services })
  const line = screen.getByTestId('typing')
  expect(line.textContent).toBe('')
  act(() => typing.next(types))
  expect(line.textContent).toBe('Jiwoo is typing…')
  act(() => typing.next({ userIds: [JIWOO, 'unknown', ME], count: 900, aside: false }))
  expect(line.textContent).toBe('Jiwoo and 899 others are typing…')
  act(() => typing.next(null))
  expect(line.textContent).toBe('')
  expect(line.closest('[aria-live]')).toBeNull()
  expect(line.getAttribute('role')).toBeNull()
})

it('[S11.8] in the direct room of somebody whom one blocks nothing is said of them', () => {
  const { services, typing } = fakeServices()
  typing.next(types)
  show(<TypingLine room={roomDetails({ ...direct, blocked: true })} />, { services })
  expect(screen.getByTestId('typing').textContent).toBe('')
})

it('[S14.1] the list says it instead of what was last said; a room for two without the name', () => {
  const { services, rooms, typing } = fakeServices()
  const last = timelineItem({ body: 'hello' })
  rooms.next([roomSummary({ id: 'two', last, ...direct }), roomSummary({ id: 'many', name: 'Family', last })])
  show(<RoomList currentRoomId={null} onNewRoom={() => undefined} />, { services })
  const row = (name: string) => screen.getByRole('link', { name })
  expect(row('Jiwoo').textContent).toContain('hello')
  act(() => typing.next(types))
  expect(row('Jiwoo').textContent).toContain('Typing…')
  expect(row('Jiwoo').textContent).not.toContain('hello')
  expect(row('Family').textContent).toContain('Jiwoo is typing…')
  act(() => typing.next(null))
  expect(row('Family').textContent).toContain('hello')
})

it('[S14.2] who is unknown has no mark, who is offline has one of its own; a group has none', () => {
  const { services, rooms, presence } = fakeServices()
  rooms.next([roomSummary({ id: 'two', ...direct }), roomSummary({ id: 'many', name: 'Family' })])
  show(<RoomList currentRoomId={null} onNewRoom={() => undefined} />, { services })
  const titles = () => [...document.querySelectorAll('[title]')].map((mark) => mark.getAttribute('title'))
  expect(titles()).toEqual([])
  const shapes = (['online', 'away', 'dnd', 'offline'] as const).map((state) => {
    act(() => presence.next(presenceOf({ userId: JIWOO, state })))
    expect(titles()).toEqual([en.live.states[state]])
    const link = screen.getByRole('link', { name: 'Jiwoo' })
    expect(within(link).getByText(en.live.states[state])).toBeTruthy()
    return document.querySelector('[title] svg')?.innerHTML
  })
  expect(new Set(shapes).size).toBe(4)
  act(() => presence.next(new Map()))
  expect(titles()).toEqual([])
})

it('[S14.2] only who is in view is asked for', () => {
  screenShowsAll = false
  const fake = fakeServices()
  const watched: string[] = []
  const live = {
    ...fake.services.live,
    watchPresence: (userId: string) => {
      watched.push(userId)
      return fake.services.live.watchPresence(userId)
    }
  }
  fake.rooms.next(['a', 'b'].map((id) => roomSummary({ id, kind: 'direct', withUserId: `user-${id}`, name: id })))
  show(<RoomList currentRoomId={null} onNewRoom={() => undefined} />, { services: { ...fake.services, live } })
  expect(watched).toEqual([])
  act(() => comesIntoView?.(screen.getByRole('link', { name: 'a' }).children[0]))
  expect(watched).toEqual(['user-a'])
})

it('[S14.2] above a direct room: how the other one is, when they were last seen, and their status', () => {
  const { services, presence, users } = fakeServices()
  const jiwoo = userRecord(JIWOO, 'Jiwoo')
  const header = (
    <PersonCardProvider value={() => null}>
      <RoomHeader room={roomSummary(direct)} />
    </PersonCardProvider>
  )
  const { rerender } = show(header, { services })
  expect(screen.queryByText(/Last seen|Online|Offline/)).toBeNull()
  const lastSeenAt = new Date(Date.now() - 5.5 * 60_000).toISOString()
  act(() => presence.next(presenceOf({ userId: JIWOO, state: 'offline', lastSeenAt })))
  expect(screen.getByText('Last seen 5 minutes ago')).toBeTruthy()
  act(() => users.next(new Map([[JIWOO, { ...jiwoo, status: 'On holiday' }]])))
  act(() => presence.next(presenceOf({ userId: JIWOO, state: 'dnd' })))
  expect(screen.getByText('Do not disturb · On holiday')).toBeTruthy()
  act(() => presence.next(new Map()))
  rerender(inContext(header, { services }))
  expect(screen.getByText('On holiday')).toBeTruthy()
})

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
const type = (value: string) => fireEvent.input(field(), { target: { value } })

function write(
  props: { target?: ComposerTarget | null; asideTo?: readonly string[] | null; typingTold?: boolean } = {}
) {
  const fake = fakeServices()
  const { keyed, ended } = fake.services.live.ownTyping
  const none = () => undefined
  const composer = ({ target = null, ...more }: typeof props) => (
    <Composer roomId={ROOM} target={target} onResume={none} onTargetDone={none} onEditLast={none} {...more} />
  )
  const shown = show(composer(props), { services: fake.services })
  ended.mockClear()
  return {
    ...fake,
    ...shown,
    keyed,
    ended,
    again: (now: typeof props) => shown.rerender(inContext(composer(now), fake))
  }
}

it('[S14.1] keys, and a Hangul composition before it is committed, tell the room; the draft that was there does not', async () => {
  const fake = fakeServices()
  fake.drafts.set(ROOM, 'from before')
  show(<Composer roomId={ROOM} target={null} onResume={vi.fn()} onTargetDone={vi.fn()} onEditLast={vi.fn()} />, {
    services: fake.services
  })
  await act(async () => undefined)
  expect(field().value).toBe('from before')
  const { keyed } = fake.services.live.ownTyping
  expect(keyed).not.toHaveBeenCalled()
  fireEvent(field(), Object.assign(new Event('compositionstart', { bubbles: true }), { data: '' }))
  type('ㅎ')
  type('하')
  expect(keyed.mock.calls).toEqual([
    [ROOM, null],
    [ROOM, null]
  ])
})

it.each([
  ['sent by Enter', () => void fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', keyCode: 13 })],
  ['sent by the button', () => void fireEvent.click(screen.getByRole('button', { name: 'Send' }))],
  ['emptied', () => void type('  ')],
  ['left', () => void fireEvent.blur(field())],
  ['closed with the window', () => void window.dispatchEvent(new Event('pagehide'))]
])('[S14.1] taken back when the text is %s', async (_, end) => {
  const { keyed, ended } = write()
  type('hello')
  expect(keyed).toHaveBeenCalledTimes(1)
  expect(ended).not.toHaveBeenCalled()
  await act(async () => end())
  expect(ended).toHaveBeenCalled()
  expect(keyed).toHaveBeenCalledTimes(1)
})

it('[S14.1] taken back when the room is left', () => {
  const { ended, unmount } = write()
  type('hello')
  unmount()
  expect(ended).toHaveBeenCalled()
})

it('[S11.5] what is meant for a few is told as that; an answer to what was said aside, in that aside', () => {
  const { keyed, again } = write({ asideTo: [JIWOO] })
  type('a')
  again({ target: { kind: 'reply', item: timelineItem({ roomId: 'an aside' }) } })
  type('b')
  expect(keyed.mock.calls).toEqual([
    [ROOM, [JIWOO]],
    ['an aside', null]
  ])
})

it('[S14.1] neither an edit nor a note to oneself tells anybody', () => {
  const { keyed, again } = write({ target: { kind: 'edit', item: timelineItem({ own: true, body: 'old' }) } })
  type('new')
  again({ typingTold: false })
  type('note')
  expect(keyed).not.toHaveBeenCalled()
})
