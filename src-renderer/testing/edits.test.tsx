import { fireEvent, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { RelayUnreachableError } from '../connection/connection.ts'
import { EditsDialog } from '../features/edits/edits-dialog.tsx'
import { EditedMark } from '../features/timeline/edited-mark.tsx'
import { MessageMenu } from '../features/timeline/message-menu.tsx'
import { MessageActsProvider } from '../platform/message-acts.tsx'
import { en } from '../texts/en.ts'
import { fakeServices, ROOM, show, timelineItem } from './fake-services.tsx'

const AT = '2026-02-10T06:05:00.000Z'

it('[S13.1] shows what a message said before, the newest first', async () => {
  const { services } = fakeServices()
  services.findEdits.mockResolvedValue([
    { body: 'first', writtenAt: AT },
    { body: 'second', writtenAt: AT }
  ])
  show(<EditsDialog roomId={ROOM} messageId="m" onClose={() => undefined} />, { services })
  expect((await screen.findAllByRole('listitem')).map((one) => one.querySelector('p')?.textContent)).toEqual([
    'second',
    'first'
  ])
  expect(services.findEdits).toHaveBeenCalledWith(ROOM, 'm')
})

it('[S13.1] says so when the relay cannot be reached', async () => {
  const { services } = fakeServices()
  services.findEdits.mockRejectedValue(new RelayUnreachableError('relay-unreachable', 'offline'))
  show(<EditsDialog roomId={ROOM} messageId="m" onClose={() => undefined} />, { services })
  expect(await screen.findByText(en.errors['relay-unreachable'])).toBeTruthy()
})

it.each([true, false])('who may pin (%s) is offered it, and everybody what the message said before', (may) => {
  const { services } = fakeServices()
  const item = timelineItem({ editedAt: AT })
  const [setPin, showEdits] = [vi.fn<(...args: unknown[]) => void>(), vi.fn<(...args: unknown[]) => void>()]
  const nothing = () => undefined
  const on = {
    onClose: nothing,
    onReply: nothing,
    onEdit: nothing,
    onDelete: nothing,
    onReact: nothing,
    onMoreReactions: nothing,
    onMarkUnread: nothing,
    onGoToDay: nothing,
    onReaders: nothing
  }
  show(
    <MessageActsProvider value={{ pins: [item.id], setPin: may ? setPin : null, showEdits, forward: nothing }}>
      <MessageMenu item={item} anchor={{ x: 0, y: 0 }} part="all" joined {...on} />
    </MessageActsProvider>,
    { services }
  )
  const unpin = screen.queryByRole('menuitem', { name: en.timeline.unpin })
  expect(unpin !== null).toBe(may)
  fireEvent.click(unpin ?? screen.getByRole('menuitem', { name: en.timeline.editHistory }))
  expect(setPin.mock.calls).toEqual(may ? [[item, false]] : [])
  expect(showEdits.mock.calls).toEqual(may ? [] : [[item]])
})

it.each([
  ['on the relay', timelineItem({ editedAt: AT }), true],
  [
    'said aside',
    timelineItem({ editedAt: AT, seq: null, aside: { userIds: [], anchorSeq: 1, seq: 1, unread: false } }),
    true
  ],
  ['still on its way', timelineItem({ editedAt: AT, seq: null }), false]
])('the mark of an edited message opens what it said before where the relay can tell it: %s', (_, item, leads) => {
  const { services } = fakeServices()
  const showEdits = vi.fn<(...args: unknown[]) => void>()
  const nothing = () => undefined
  show(
    <MessageActsProvider value={{ pins: [], setPin: null, showEdits, forward: nothing }}>
      <EditedMark item={item} />
    </MessageActsProvider>,
    { services }
  )
  expect(screen.getByText(`(${en.timeline.edited})`)).toBeTruthy()
  const button = screen.queryByRole('button', { name: `(${en.timeline.edited}) ${en.timeline.editHistory}` })
  expect(button !== null).toBe(leads)
  if (button) fireEvent.click(button)
  expect(showEdits.mock.calls).toEqual(leads ? [[item]] : [])
})
