import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { Profiler } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { MessageRow } from '../features/timeline/message-row.tsx'
import { ReadNumbersProvider } from '../features/timeline/read-number-source.tsx'
import { ReadersDialog } from '../features/timeline/readers-dialog.tsx'
import { RowActionsProvider } from '../features/timeline/row-actions.ts'
import type { RowActions } from '../features/timeline/row-actions.ts'
import { buildRows } from '../features/timeline/rows.ts'
import { PrivacySettings } from '../features/settings/privacy-settings.tsx'
import { PersonCardProvider } from '../platform/person-card.tsx'
import type { TimelineItem } from '../store/chat-store.ts'
import { buildReadNumbers } from '../store/read-numbers.ts'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import { fakeServices, ME, ROOM, show, timelineItem, userRecord } from './fake-services.tsx'

const own = (seq: number | null, more: Partial<TimelineItem> = {}) =>
  timelineItem({ id: `own-${seq}`, authorId: ME, own: true, seq, state: { name: 'accepted' }, ...more })

/** Of three others besides the author. */
const numbersOf = (reads: Record<string, number>) =>
  buildReadNumbers({
    members: [ME, 'user-jiwoo', 'b', 'c'].map((userId) => ({ userId, state: 'joined', joinedSeq: 0 })),
    readSeq: (userId) => reads[userId],
    counts: () => true
  })

function showOwn(items: readonly TimelineItem[]) {
  const fake = fakeServices()
  const showReaders = vi.fn<RowActions['showReaders']>()
  const nothing = () => undefined
  const actions: RowActions = {
    joined: true,
    unfolded: new Set<string>(),
    showReaders,
    openMenu: nothing,
    reply: nothing,
    react: nothing,
    show: nothing,
    focused: nothing,
    goToDay: nothing,
    willGrow: nothing
  }
  const drawn: string[] = []
  show(
    <RowActionsProvider value={actions}>
      <ReadNumbersProvider roomId={ROOM}>
        {buildRows(items, new Set()).map((row) => (
          <Profiler key={row.item.id} id={row.item.id} onRender={(id) => drawn.push(id)}>
            <MessageRow row={row} users={fake.users.value} reachable={false} shown={false} />
          </Profiler>
        ))}
      </ReadNumbersProvider>
    </RowActionsProvider>,
    { services: fake.services }
  )
  return { ...fake, showReaders, drawn }
}

const number = (count: number) => screen.queryByRole('button', { name: en.readers.unread(count) })

describe('[S12.7] beside an own message', () => {
  it('is a clock, then a check, then the number of those who have not read it, which falls and is gone at the end', () => {
    const { readNumbers, showReaders } = showOwn([
      own(4),
      own(null, { state: { name: 'waiting', entryId: 'e' } as never })
    ])
    expect(screen.getByRole('img', { name: en.timeline.waiting })).toBeTruthy()
    expect(screen.getByRole('img', { name: en.timeline.accepted })).toBeTruthy()
    act(() => readNumbers.next(numbersOf({})))
    expect(number(3)?.textContent).toBe('3')
    expect(screen.queryByRole('img', { name: en.timeline.accepted })).toBe(null)
    act(() => readNumbers.next(numbersOf({ b: 4, c: 3 })))
    // Tab leads to messages; their menus lead to the names.
    expect(number(2)?.tabIndex).toBe(-1)
    fireEvent.click(number(2)!)
    expect(showReaders).toHaveBeenCalledTimes(1)
    act(() => readNumbers.next(numbersOf({ b: 4, c: 9, 'user-jiwoo': 5 })))
    expect(screen.queryByRole('button', { name: /read it/ })).toBe(null)
    expect(screen.getByText(en.readers.read)).toBeTruthy()
    // [S12.6] Receipts off, or nobody to ask.
    act(() => readNumbers.next(null))
    expect(screen.getByRole('img', { name: en.timeline.accepted })).toBeTruthy()
  })

  it('is drawn again only where the number has changed', () => {
    const { readNumbers, drawn } = showOwn([own(4), own(5), own(6)])
    act(() => readNumbers.next(numbersOf({ b: 4 })))
    drawn.length = 0
    act(() => readNumbers.next(numbersOf({ b: 5 })))
    expect(drawn).toEqual(['own-5'])
    act(() => readNumbers.next(numbersOf({ b: 5 })))
    expect(drawn).toEqual(['own-5'])
  })

  it('[S11.5] of what was said aside is by its place in the aside', () => {
    const aside = { userIds: [ME, 'b'], anchorSeq: 9, seq: 2, unread: false }
    const { readNumbers } = showOwn([own(null, { roomId: 'aside', aside })])
    act(() => readNumbers.next(numbersOf({ b: 2 })))
    expect(number(2)).toBeTruthy()
  })

  it('is no number of a deleted message, nor of one that the relay has lost', () => {
    const { readNumbers } = showOwn([
      own(4, { deletedAt: '2026-02-10T06:05:00.000Z', body: '' }),
      own(5, { onlyHere: true })
    ])
    act(() => readNumbers.next(numbersOf({})))
    expect(number(3)).toBe(null)
  })
})

describe('the names', () => {
  it('[S12.7] are of those who have read it and those who have not, as it is now, at most a hundred at once', () => {
    const { services, users, readNumbers } = fakeServices()
    const many = Array.from({ length: 120 }, (_, n) => userRecord(`user-${n}`, `Person ${n}`))
    users.next(new Map(many.map((user) => [user.id, user])))
    const read = (count: number) =>
      buildReadNumbers({
        members: many.map(({ id }) => ({ userId: id, state: 'joined', joinedSeq: 0 })),
        readSeq: (id) => (Number(id.slice(5)) < count ? 4 : 0),
        counts: () => true
      })
    readNumbers.next(read(2))
    show(
      <PersonCardProvider value={() => null}>
        <ReadersDialog item={own(4)} onClose={() => undefined} />
      </PersonCardProvider>,
      { services }
    )
    // By roles a hundred names take seconds here.
    const shown = () => document.querySelectorAll('li').length
    expect(screen.getByText(en.readers.readBy(2))).toBeTruthy()
    expect(shown()).toBe(2)
    act(() => readNumbers.next(read(3)))
    expect(shown()).toBe(3)
    fireEvent.click(screen.getByText(en.readers.unreadBy(117)))
    expect(shown()).toBe(100)
    fireEvent.click(screen.getByText(en.readers.more))
    expect(shown()).toBe(117)
    act(() => readNumbers.next(read(120)))
    expect(screen.getByText(en.readers.everybody)).toBeTruthy()
  })
})

describe('what others see of the person', () => {
  it.each([en, ko])('[S12.6] [S14.3] is changed by the outbox, and says what it does ($locale)', async (texts) => {
    const { services, commands, users } = fakeServices()
    show(<PrivacySettings />, { services, texts })
    const { privacy } = texts
    expect(screen.getByText(privacy.availabilityText.auto)).toBeTruthy()
    fireEvent.click(screen.getByRole('radio', { name: privacy.availabilities.dnd }))
    expect(commands.setAvailability.mock.calls).toEqual([['dnd']])
    expect(await screen.findByText(privacy.availabilityText.dnd)).toBeTruthy()
    const receipts = () => screen.getByRole('checkbox', { name: privacy.receipts })
    expect(receipts().getAttribute('aria-checked')).toBe('true')
    fireEvent.click(receipts())
    expect(commands.setReceipts.mock.calls).toEqual([[false]])
    const me = users.value.get(ME)!
    act(() => users.next(new Map([[ME, { ...me, receipts: false as const }]])))
    expect(receipts().getAttribute('aria-checked')).toBe('false')
  })

  it('says what went wrong', async () => {
    const { services, commands } = fakeServices()
    commands.setReceipts.mockRejectedValueOnce({ code: 'storage-unavailable' })
    show(<PrivacySettings />, { services })
    fireEvent.click(screen.getByRole('checkbox', { name: en.privacy.receipts }))
    const said = screen.getByRole('alert')
    await waitFor(() => expect(said.textContent).not.toBe(''))
  })
})
