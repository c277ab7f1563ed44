import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { ForwardDialog } from '../features/forward/forward-dialog.tsx'
import { rightsIn } from '../../protocol/permissions.ts'
import type { Said } from '../platform/message-acts.tsx'
import { StorageFullError } from '../store/storage-full.ts'
import { en } from '../texts/en.ts'
import { fakeServices, ME, ROOM, roomSummary, show, timelineItem, userRecord } from './fake-services.tsx'

afterEach(cleanup)

const person = (id: string, name: string, self = false) => ({
  user: userRecord(id, name),
  self,
  blocked: false,
  roomId: null
})

/** Two rooms that one may write in, one where one may not, somebody else, and oneself. */
function open(item: Said = timelineItem()) {
  const fakes = fakeServices()
  const kitchen = roomSummary({ id: 'room-2', name: '가족' })
  const office = roomSummary({
    id: 'room-3',
    name: 'Notices',
    may: rightsIn({ kind: 'group', writers: 'admins' }, 'member')
  })
  fakes.rooms.next([roomSummary(), kitchen, office])
  fakes.people.next([person(ME, 'Minjun', true), person('user-jiwoo', 'Jiwoo')])
  const [onSent, onClose] = [vi.fn<(titles: readonly string[]) => void>(), vi.fn<() => void>()]
  show(<ForwardDialog item={item} roomId={ROOM} onSent={onSent} onClose={onClose} />, { services: fakes.services })
  return { ...fakes, onSent, onClose }
}

const names = () => screen.getAllByRole('option').map((each) => within(each).getAllByText(/./)[1]?.textContent)
const option = (name: string) => screen.getByRole('option', { name: new RegExp(name) })
const search = () => screen.getByRole('combobox', { name: en.switcher.search })
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })

it('offers rooms where one may write, everybody, oneself; the open room last', () => {
  open()
  expect(screen.getAllByRole('option')).toHaveLength(4)
  expect(screen.queryByRole('option', { name: /Notices/ })).toBeNull()
  expect(names().at(-1)).toBe('Family')
  expect(button(en.forward.send).disabled).toBe(true)
})

it('finds by initial consonants, chooses several by keyboard, and sends the own words first', async () => {
  const { commands, onSent, onClose } = open()
  commands.openDirect.mockResolvedValue('room-direct')
  fireEvent.change(search(), { target: { value: 'ㄱㅈ' } })
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1))
  fireEvent.keyDown(search(), { key: 'Enter' })
  expect(search()).toHaveProperty('value', '')
  await waitFor(() => expect(option('가족').getAttribute('aria-selected')).toBe('true'))
  fireEvent.click(option('Jiwoo'))
  fireEvent.change(screen.getByLabelText(en.forward.own), { target: { value: ' look ' } })
  fireEvent.click(button(en.forward.send))
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(commands.openDirect.mock.calls).toEqual([['user-jiwoo']])
  expect(commands.sendMessage.mock.calls).toEqual([
    ['room-2', 'look'],
    ['room-2', 'hello'],
    ['room-direct', 'look'],
    ['room-direct', 'hello']
  ])
  expect(onSent).toHaveBeenCalledExactlyOnceWith(['가족', 'Jiwoo'])
})

it('a chosen one is left out again; to oneself goes into the notes', async () => {
  const { commands, onClose } = open()
  commands.openNotes.mockResolvedValue('room-notes')
  fireEvent.click(option(en.roomList.notes))
  fireEvent.click(option('가족'))
  fireEvent.click(button(en.forward.leaveOut('가족')))
  fireEvent.click(button(en.forward.send))
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(commands.sendMessage.mock.calls).toEqual([['room-notes', 'hello']])
})

it('what could not be stored goes on where it stopped, and nothing goes twice', async () => {
  const { commands, onSent, onClose } = open()
  fireEvent.click(option('가족'))
  fireEvent.click(option('Family'))
  fireEvent.change(screen.getByLabelText(en.forward.own), { target: { value: 'look' } })
  const sent: string[] = []
  let left = 3
  commands.sendMessage.mockImplementation(async (roomId, body) => {
    left -= 1
    if (left === 0) throw new StorageFullError()
    sent.push(`${roomId} ${body}`)
    return 'message-new'
  })
  fireEvent.click(button(en.forward.send))
  expect(await screen.findByText(en.forward.failed)).toBeTruthy()
  expect(onClose).not.toHaveBeenCalled()
  fireEvent.click(button(en.forward.send))
  await waitFor(() => expect(onSent).toHaveBeenCalled())
  expect(sent.toSorted()).toEqual(['room-1 hello', 'room-1 look', 'room-2 hello', 'room-2 look'])
})

it('[S11.5] warns before something said to few goes to many', () => {
  open(timelineItem({ seq: null, aside: { userIds: [ME, 'user-jiwoo'], anchorSeq: 1, seq: 1, unread: false } }))
  expect(screen.getByRole('note').textContent).toBe(en.forward.asideWarning(['Jiwoo']))
  expect(button(en.forward.sendAnyway)).toBeTruthy()
})

it('[S13] what is deleted while one chooses goes nowhere; what is edited goes as it is now', async () => {
  const { timeline, commands, onClose } = open()
  fireEvent.click(option('가족'))
  const at = (item = timelineItem()) => ({ items: [item], fromSeq: 1, headSeq: 1, complete: true })
  act(() => timeline.next(at(timelineItem({ body: '', deletedAt: '2026-02-10T06:06:00.000Z' }))))
  expect(screen.getByText(en.forward.deleted)).toBeTruthy()
  expect(button(en.forward.send).disabled).toBe(true)
  act(() => timeline.next(at(timelineItem({ body: 'hello again' }))))
  fireEvent.click(button(en.forward.send))
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(commands.sendMessage.mock.calls).toEqual([['room-2', 'hello again']])
})
