import { act, cleanup, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { PinBar } from '../features/pins/pin-bar.tsx'
import { MessageActsProvider } from '../platform/message-acts.tsx'
import type { MessageActs } from '../platform/message-acts.tsx'
import { en } from '../texts/en.ts'
import { fakeServices, show } from './fake-services.tsx'

afterEach(cleanup)

const pinned = (id: string, seq: number | null, excerpt = id) => ({
  id,
  message: seq === null ? null : { seq, authorId: 'somebody', excerpt, deleted: false }
})

it('leads to the newest, lists all, and takes a pin away only for who may', async () => {
  const { services, pins } = fakeServices()
  const setPin = vi.fn<NonNullable<MessageActs['setPin']>>()
  const acts: MessageActs = { pins: [], setPin, showEdits: () => undefined, forward: () => undefined }
  show(
    <MessageActsProvider value={acts}>
      <PinBar roomId="room-1" />
    </MessageActsProvider>,
    { services }
  )
  expect(screen.queryByRole('region', { name: en.pins.title })).toBeNull()
  act(() => pins.next([pinned('b', 7, 'see you at six'), pinned('a', null)]))
  const says = en.pins.says(en.unknownPerson, 'see you at six')
  fireEvent.click(screen.getByRole('button', { name: says }))
  expect(window.location.hash).toBe('#/room/room-1/message/7')
  fireEvent.click(screen.getByRole('button', { name: en.pins.all(2) }))
  const dialog = within(await screen.findByRole('dialog', { name: en.pins.title }))
  expect(dialog.getByRole('button', { name: en.pins.notHere })).toHaveProperty('disabled', true)
  fireEvent.click(dialog.getByRole('button', { name: en.pins.unpinLabel(says) }))
  expect(setPin).toHaveBeenCalledExactlyOnceWith({ id: 'b', roomId: 'room-1' }, false)
})

it('who may not pin sees the list without buttons to unpin', async () => {
  const { services, pins } = fakeServices()
  pins.next([pinned('b', 7)])
  show(<PinBar roomId="room-1" />, { services })
  fireEvent.click(screen.getByRole('button', { name: en.pins.all(1) }))
  const dialog = within(await screen.findByRole('dialog', { name: en.pins.title }))
  expect(dialog.queryByText(en.timeline.unpin)).toBeNull()
})
