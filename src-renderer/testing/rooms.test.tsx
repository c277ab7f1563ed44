// What can be done with rooms and people, and what is shown of it: only what one may do, in words that say what it means.
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rightsIn } from '../../protocol/permissions.ts'
import { AsideButton } from '../features/asides/aside-button.tsx'
import { AsideLine } from '../features/asides/aside-line.tsx'
import { useAside } from '../features/asides/use-aside.ts'
import { DirectoryDialog } from '../features/people/directory-dialog.tsx'
import { BlockedNote } from '../features/rooms/blocked-note.tsx'
import { ReadOnlyNote } from '../features/rooms/closed-note.tsx'
import { Announcer } from '../features/timeline/announcer.tsx'
import { AsideMark } from '../features/timeline/aside-mark.tsx'
import { buildRows } from '../features/timeline/rows.ts'
import { DetailsDialog } from '../features/rooms/details/details-dialog.tsx'
import { NewRoomDialog } from '../features/rooms/new-room-dialog.tsx'
import { RoomList } from '../features/rooms/room-list.tsx'
import { PersonCardProvider } from '../platform/person-card.tsx'
import type { RoomMember, RoomSummary, TimelineItem } from '../store/chat-store.ts'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
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
const MINSU = 'user-minsu'

function fake() {
  const made = fakeServices()
  const users = [userRecord(ME, 'Minjun'), userRecord(JIWOO, 'Jiwoo'), userRecord(MINSU, '김민수')]
  made.users.next(new Map(users.map((user) => [user.id, user])))
  made.people.next(users.map((user) => ({ user, self: user.id === ME, blocked: false, roomId: null })))
  return made
}

function showIn(part: ReactNode, services: ReturnType<typeof fake>['services']) {
  return render(
    inContext(<PersonCardProvider value={(userId) => <p>card of {userId}</p>}>{part}</PersonCardProvider>, { services })
  )
}

const member = (userId: string, role: RoomMember['role']): RoomMember => ({
  userId,
  role,
  joinedAt: '2026-02-10T06:05:00.000Z'
})

beforeEach(() => {
  window.localStorage.clear()
  window.location.hash = ''
})

describe('beginning a room', () => {
  const choose = (words: string) => fireEvent.click(screen.getByRole('radio', { name: words }))

  it('takes people into a group, on the terms that were chosen', async () => {
    const { services, commands } = fake()
    const made = vi.fn<(roomId: string) => void>()
    show(<NewRoomDialog onClose={() => undefined} onMade={made} />, { services })
    fireEvent.change(screen.getByLabelText(en.newRoom.name), { target: { value: ' Family ' } })
    fireEvent.click(screen.getByText('Jiwoo'))
    choose(en.newKind.historyFromJoining)
    choose(en.newKind.writersAdmins)
    fireEvent.click(screen.getByRole('button', { name: en.newRoom.create }))
    await waitFor(() => expect(made).toHaveBeenCalledWith(ROOM))
    expect(commands.createRoom.mock.calls).toEqual([
      ['Family', [JIWOO], { kind: 'group', history: 'from-joining', writers: 'admins' }]
    ])
  })

  it('gives an open room a topic, and nobody whom one did not choose', async () => {
    const { services, commands } = fake()
    show(<NewRoomDialog onClose={() => undefined} onMade={() => undefined} />, { services })
    choose(en.newKind.open)
    fireEvent.click(screen.getByRole('button', { name: en.newRoom.create }))
    expect(screen.getByText(en.newRoom.missingName)).toBeTruthy()
    fireEvent.change(screen.getByLabelText(en.newRoom.name), { target: { value: 'Garden' } })
    fireEvent.change(screen.getByLabelText(en.newKind.topic), { target: { value: 'x'.repeat(301) } })
    fireEvent.click(screen.getByRole('button', { name: en.newRoom.create }))
    expect(screen.getByText(en.newKind.badTopic(300))).toBeTruthy()
    fireEvent.change(screen.getByLabelText(en.newKind.topic), { target: { value: 'Seedlings' } })
    fireEvent.click(screen.getByRole('button', { name: en.newRoom.create }))
    await waitFor(() => expect(commands.createRoom).toHaveBeenCalled())
    expect(commands.createRoom.mock.calls).toEqual([['Garden', [], { kind: 'open', topic: 'Seedlings' }]])
  })

  it('opens a direct room with one click, found by initial consonants, and notes to self', async () => {
    const { services, commands } = fake()
    const made = vi.fn<(roomId: string) => void>()
    show(<NewRoomDialog onClose={() => undefined} onMade={made} />, { services })
    choose(en.newKind.direct)
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ㄱㅁㅅ' } })
    await waitFor(() =>
      expect(within(screen.getByRole('list', { name: en.directory.people })).getAllByRole('button')).toHaveLength(1)
    )
    fireEvent.click(screen.getByRole('button', { name: /김민수/ }))
    await waitFor(() => expect(made).toHaveBeenCalledTimes(1))
    expect(commands.openDirect.mock.calls).toEqual([[MINSU]])
    choose(en.newKind.notes)
    fireEvent.click(screen.getByRole('button', { name: en.newKind.openNotes }))
    await waitFor(() => expect(made).toHaveBeenCalledTimes(2))
    expect(commands.openNotes).toHaveBeenCalledTimes(1)
  })
})

describe('the details of a room (SPEC §3.1)', () => {
  const room = (role: 'owner' | 'admin' | 'member', more: Partial<RoomSummary> = {}) =>
    roomDetails({
      role,
      may: rightsIn({ kind: 'group', writers: more.writers }, role),
      members: [member(ME, role), member(JIWOO, role === 'owner' ? 'member' : 'owner'), member(MINSU, 'member')],
      bannedIds: [],
      ...more
    })
  const open = (details: ReturnType<typeof room>) => {
    const made = fake()
    made.details.next(details)
    showIn(<DetailsDialog roomId={ROOM} onClose={() => undefined} />, made.services)
    return made
  }
  const button = (name: string) => screen.queryByRole('button', { name })

  it('offer a member what a member may: no word of removing, roles or closing', () => {
    open(room('member'))
    expect(button(en.members.leave)).toBeTruthy()
    expect(button(en.members.add)).toBeTruthy()
    expect(button(en.details.close)).toBeNull()
    expect(button(en.details.actionsOf('Jiwoo'))).toBeNull()
    expect(button(en.details.actionsOf('김민수'))).toBeNull()
  })

  it('offer an admin members to remove, and not the owner', async () => {
    const { commands } = open(room('admin'))
    expect(button(en.details.actionsOf('Jiwoo'))).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: en.details.actionsOf('김민수') }))
    expect(screen.queryByRole('menuitem', { name: en.details.makeAdmin })).toBeNull()
    fireEvent.click(screen.getByRole('menuitem', { name: en.details.ban }))
    expect(await screen.findByText(en.details.banText)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: en.details.ban }))
    await waitFor(() => expect(commands.setBan.mock.calls).toEqual([[ROOM, MINSU, true]]))
  })

  it('let an owner close the room after saying what that means; a refusal is said in words', async () => {
    const { commands } = open(room('owner'))
    commands.closeRoom.mockRejectedValueOnce({ code: 'not-permitted' })
    fireEvent.click(screen.getByRole('button', { name: en.details.close }))
    expect(screen.getByText(en.details.closeText)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: en.details.close }))
    expect(await screen.findByText(en.errors['not-permitted'])).toBeTruthy()
  })

  it('leave quietly when that is wanted', async () => {
    const { commands } = open(room('member'))
    fireEvent.click(screen.getByRole('button', { name: en.members.leave }))
    fireEvent.click(screen.getByRole('checkbox', { name: en.details.quietly }))
    fireEvent.click(screen.getByRole('button', { name: en.members.leave }))
    await waitFor(() => expect(commands.leaveRoom.mock.calls).toEqual([[ROOM, { quietly: true }]]))
  })
})

describe('the list of rooms', () => {
  const link = (name: string) => screen.getByRole('link', { name })

  it('names rooms of two after the other, says what is meant for one, what is closed and what is drafted', () => {
    const { services, rooms } = fake()
    rooms.next([
      roomSummary({ id: 'a', name: 'Jiwoo', kind: 'direct', withUserId: JIWOO, unread: 120, mentions: 2 }),
      roomSummary({ id: 'b', name: '', kind: 'notes' }),
      roomSummary({ id: 'c', name: 'Old', closedAt: '2026-02-10T06:05:00.000Z' }),
      roomSummary({ id: 'd', name: 'Draft', draft: 'half a\nthought' })
    ])
    showIn(<RoomList currentRoomId={null} onNewRoom={() => undefined} />, services)
    expect(link('Jiwoo').textContent).toContain(en.rooms.unread('99+'))
    expect(link('Jiwoo').textContent).toContain(en.roomList.mentioned('2'))
    expect(link(en.roomList.notes)).toBeTruthy()
    expect(link('Old').textContent).toContain(en.roomList.closed)
    expect(link('Draft').textContent).toContain('Draft half a thought')
  })

  it('can be narrowed to what is unread, which what one marked so is too', () => {
    const { services, rooms } = fake()
    rooms.next([
      roomSummary({ id: 'a', name: 'Read' }),
      roomSummary({ id: 'b', name: 'Unread', unread: 1 }),
      roomSummary({ id: 'c', name: 'Marked', unreadFrom: 3 })
    ])
    showIn(<RoomList currentRoomId={null} onNewRoom={() => undefined} />, services)
    fireEvent.click(screen.getByRole('radio', { name: en.roomList.unread }))
    expect(screen.getAllByRole('link').map((each) => each.getAttribute('href'))).toEqual(['#/room/b', '#/room/c'])
    act(() => rooms.next([roomSummary({ id: 'a', name: 'Read' })]))
    expect(screen.getByText(en.roomList.nothingUnread)).toBeTruthy()
  })

  it('draws few of a thousand rooms', () => {
    const { services, rooms } = fake()
    rooms.next(Array.from({ length: 1000 }, (_, index) => roomSummary({ id: `r${index}`, name: `Room ${index}` })))
    showIn(<RoomList currentRoomId={null} onNewRoom={() => undefined} />, services)
    expect(screen.queryAllByRole('link').length).toBeLessThan(100)
  })
})

describe('a room in which one cannot write', () => {
  it('S11.6 was closed: the same people go on in a new room, with what was being written', async () => {
    const { services, commands, members, drafts } = fake()
    members.next([member(ME, 'member'), member(JIWOO, 'owner')])
    drafts.set(ROOM, 'half a thought')
    commands.createRoom.mockResolvedValue('room-new')
    const closed = roomSummary({ closedAt: '2026-02-10T06:05:00.000Z', draft: 'half a thought' })
    show(<ReadOnlyNote room={closed} />, { services })
    expect(screen.getByRole('region', { name: en.closed.title })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: en.closed.startNew }))
    await waitFor(() => expect(window.location.hash).toBe('#/room/room-new'))
    expect(commands.createRoom.mock.calls).toEqual([['Family', [JIWOO], { kind: 'group' }]])
    expect([drafts.get(ROOM), drafts.get('room-new')]).toEqual(['', 'half a thought'])
  })

  it('keeps the draft where it is when there is no new room', async () => {
    const { services, commands, members, drafts } = fake()
    members.next([member(ME, 'member')])
    drafts.set(ROOM, 'half a thought')
    commands.createRoom.mockRejectedValue({ code: 'storage-unavailable' })
    show(<ReadOnlyNote room={roomSummary({ closedAt: '2026-02-10T06:05:00.000Z', draft: 'half' })} />, { services })
    fireEvent.click(screen.getByRole('button', { name: en.closed.startNew }))
    expect(await screen.findByText(en.errors['storage-unavailable'])).toBeTruthy()
    expect(drafts.get(ROOM)).toBe('half a thought')
  })

  it.each([
    [{ joined: false }, en.members.notJoined],
    [{ writers: 'admins' as const, role: 'member' as const }, en.closed.onlyAdmins],
    [{ kind: 'direct' as const, name: '' }, en.closed.personGone]
  ])('says why: %o', (more, words) => {
    const { services } = fake()
    show(<ReadOnlyNote room={roomSummary(more)} />, { services })
    expect(screen.getByText(words)).toBeTruthy()
  })
})

describe('a room with somebody who is blocked (S11.8)', () => {
  it('says so, and leads back; what cannot be done is said', async () => {
    const { services, commands } = fake()
    commands.setBlock.mockRejectedValueOnce({ code: 'storage-unavailable' })
    show(<BlockedNote userId={JIWOO} />, { services })
    expect(screen.getByText(en.person.blocked)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: en.person.unblock }))
    expect(await screen.findByText(en.errors['storage-unavailable'])).toBeTruthy()
    expect(commands.setBlock.mock.calls).toEqual([[JIWOO, false]])
  })
})

describe('the directory', () => {
  it('says that open rooms need the relay, and asks again once it is there', async () => {
    const { services, status } = fake()
    status.next({ name: 'connecting' })
    services.findOpenRooms.mockResolvedValue({
      rooms: [{ id: 'open-1', name: 'Garden', topic: 'Seedlings', memberCount: 3, joined: false }],
      next: null
    })
    showIn(<DirectoryDialog onClose={() => undefined} />, services)
    fireEvent.click(screen.getByRole('radio', { name: en.directory.openRooms }))
    expect(screen.getByText(en.directory.offline)).toBeTruthy()
    expect(services.findOpenRooms).not.toHaveBeenCalled()
    act(() => status.next({ name: 'connected' }))
    expect(await screen.findByText('3 members · Seedlings')).toBeTruthy()
    services.findOpenRooms.mockRejectedValue({ code: 'rate-limited' })
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'x' } })
    expect(await screen.findByText(en.errors['rate-limited'])).toBeTruthy()
  })
})

describe('speaking aside (S11.5)', () => {
  function Speaking({ room }: { room: RoomSummary }) {
    const aside = useAside(room)
    return (
      <>
        {aside.userIds && <AsideLine roomId={room.id} userIds={aside.userIds} aside={aside} />}
        <AsideButton roomId={room.id} aside={aside} />
      </>
    )
  }
  const start = () => fireEvent.click(screen.getByRole('button', { name: en.asides.start }))

  it('asks for whom, says to whom, and outlives the screen together with what is unsent', async () => {
    const { services, members, drafts } = fake()
    members.next([member(ME, 'owner'), member(JIWOO, 'member'), member(MINSU, 'member')])
    const first = show(<Speaking room={roomSummary()} />, { services })
    start()
    expect(await screen.findByRole('button', { name: en.asides.write })).toHaveProperty('disabled', true)
    fireEvent.click(screen.getByText('Jiwoo'))
    fireEvent.click(screen.getByRole('button', { name: en.asides.write }))
    expect(screen.getByText(en.asides.to(['Jiwoo']))).toBeTruthy()
    drafts.set(ROOM, 'between us')
    first.unmount()
    const second = show(<Speaking room={roomSummary()} />, { services })
    expect(screen.getByText(en.asides.to(['Jiwoo']))).toBeTruthy()
    second.unmount()
    drafts.set(ROOM, '')
    show(<Speaking room={roomSummary()} />, { services })
    await waitFor(() => expect(screen.queryByText(en.asides.to(['Jiwoo']))).toBeNull())
  })

  it('is marked for those who have it, apart from what everybody hears', () => {
    const aside = { userIds: [ME, JIWOO, MINSU], anchorSeq: 1, seq: 1, unread: false }
    const items = [
      timelineItem({ id: 'a', body: 'to all' }),
      timelineItem({ id: 'b', roomId: 'aside', seq: null, body: 'to two', aside }),
      timelineItem({ id: 'c', roomId: 'aside', seq: null, body: 'to two again', aside })
    ]
    const rows = buildRows(items, new Set())
    expect(rows.map(({ opens }) => opens)).toEqual([true, true, false])
    const { services, users } = fake()
    show(
      <>
        {rows.map(
          ({ item }) => item.aside && <AsideMark key={item.id} item={{ ...item, aside }} users={users.value} visible />
        )}
      </>,
      { services, texts: ko }
    )
    expect(screen.getAllByText('나와 Jiwoo, 김민수만 봐요')).toHaveLength(2)
  })

  it('is read aloud with whom it is for, once, and not when it was there before', () => {
    const { services, users } = fake()
    const said = (id: string, anchorSeq: number) =>
      timelineItem({
        id,
        roomId: 'aside',
        seq: null,
        body: id,
        aside: { userIds: [ME, JIWOO], anchorSeq, seq: 1, unread: true }
      })
    const spoken = (items: readonly TimelineItem[]) =>
      inContext(<Announcer rows={buildRows(items, new Set())} users={users.value} />, { services })
    const first = [timelineItem({ id: 'a', seq: 5 }), said('old', 5)]
    const { rerender } = render(spoken(first))
    expect(screen.getByTestId('announcer').textContent).toBe('')
    rerender(spoken([...first, said('new', 5)]))
    expect(screen.getByTestId('announcer').textContent).toBe('Only you and Jiwoo see this: Jiwoo: new')
    rerender(spoken([said('from long ago', 2), ...first, said('new', 5)]))
    expect(screen.getByTestId('announcer').textContent).not.toContain('long ago')
  })

  it('is not offered in rooms of one or two', () => {
    const { services } = fake()
    show(<Speaking room={roomSummary({ kind: 'direct', withUserId: JIWOO })} />, { services })
    expect(screen.queryByRole('button', { name: en.asides.start })).toBeNull()
  })
})
