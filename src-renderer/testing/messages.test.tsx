import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { Announcer } from '../features/timeline/announcer.tsx'
import { MessageRow } from '../features/timeline/message-row.tsx'
import { LONG_PRESS_MS } from '../features/timeline/use-long-press.ts'
import { RowActionsProvider } from '../features/timeline/row-actions.ts'
import type { RowActions } from '../features/timeline/row-actions.ts'
import { buildRows } from '../features/timeline/rows.ts'
import type { TimelineItem } from '../store/chat-store.ts'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import type { Texts } from '../texts/texts.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { fakeServices, inContext, ME, show, timelineItem } from './fake-services.tsx'

function showMessages(items: readonly TimelineItem[], texts: Texts = en, joined = true) {
  const fake = fakeServices()
  const rows = buildRows(items, new Set())
  const actions = {
    joined,
    openMenu: vi.fn<RowActions['openMenu']>(),
    reply: vi.fn<RowActions['reply']>(),
    react: vi.fn<RowActions['react']>(),
    show: vi.fn<RowActions['show']>(),
    showReaders: vi.fn<RowActions['showReaders']>(),
    focused: vi.fn<RowActions['focused']>(),
    goToDay: vi.fn<RowActions['goToDay']>(),
    unfolded: new Set<string>(),
    willGrow: vi.fn<RowActions['willGrow']>()
  }
  show(
    <RowActionsProvider value={actions}>
      {rows.map((row) => (
        <MessageRow key={row.item.id} row={row} users={fake.users.value} reachable={false} shown={false} />
      ))}
    </RowActionsProvider>,
    { services: fake.services, texts }
  )
  return { ...fake, actions }
}

const own = (more: Partial<TimelineItem>) => timelineItem({ authorId: ME, own: true, ...more })

describe('a message', () => {
  it('names its author and time, and shows text as text', () => {
    showMessages([timelineItem({ body: '<b>bold</b> https://example.com/a.' })])
    const message = screen.getByRole('article', { name: /^Jiwoo, / })
    expect(message.textContent).toContain('<b>bold</b>')
    const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'https://example.com/a' })
    expect(link.rel).toBe('noopener noreferrer')
    expect(link.target).toBe('_blank')
  })

  it('says when it was edited, deleted or written offline', () => {
    showMessages(
      [
        timelineItem({ id: 'a', editedAt: '2026-02-10T06:06:00.000Z' }),
        timelineItem({ id: 'b', seq: 2, body: '', deletedAt: '2026-02-10T06:06:00.000Z' }),
        timelineItem({ id: 'c', seq: 3, sentAt: '2026-02-10T04:05:00.000Z' })
      ],
      ko
    )
    expect(screen.getByText('(수정됨)')).toBeTruthy()
    expect(screen.getByText('삭제된 메시지입니다')).toBeTruthy()
    expect(screen.getByText('2시간 전 오프라인에서 작성')).toBeTruthy()
  })

  it('tells whether an own one waits or is on the relay', () => {
    showMessages([
      own({ id: 'a', state: { name: 'accepted' } }),
      own({ id: 'b', seq: null, state: { name: 'waiting' }, entryId: 'e' })
    ])
    expect(screen.getByRole('img', { name: 'Sent' })).toBeTruthy()
    expect(screen.getByRole('img', { name: 'Waiting to send' })).toBeTruthy()
  })

  it('that was refused says why, and can be sent again or discarded', async () => {
    const error = { code: 'room-full', message: 'for developers' }
    const { commands } = showMessages([own({ seq: null, state: { name: 'refused', error, entryId: 'entry-9' } })])
    expect(screen.getByText(`${en.timeline.refused} · ${en.errors['room-full']}`)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(commands.retry).toHaveBeenCalledWith('entry-9')
    commands.discard.mockRejectedValue({ code: 'storage-unavailable' })
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }))
    expect(commands.discard).toHaveBeenCalledWith('entry-9')
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain(en.errors['storage-unavailable']))
  })

  it('words an error code that it does not know', () => {
    const error = { code: 'phase-of-the-moon', message: '' }
    showMessages([own({ seq: null, state: { name: 'refused', error, entryId: 'e' } })])
    expect(screen.getByText(/phase-of-the-moon/)).toBeTruthy()
  })

  it('that cannot be drawn can be copied all the same', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    try {
      const broken = timelineItem({ body: 'words that count' })
      Object.defineProperty(broken, 'reactions', {
        get() {
          throw new Error('broken on purpose')
        }
      })
      showMessages([broken])
      fireEvent.click(screen.getByRole('button', { name: en.timeline.copyWords }))
      await waitFor(() => expect(copied).toHaveBeenCalledWith('words that count'))
    } finally {
      told.mockRestore()
      copied.mockRestore()
    }
  })

  it('that cannot be drawn is the only one that is not drawn', () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    try {
      const broken = timelineItem({ id: 'b', seq: 2, authorId: 'user-other' })
      Object.defineProperty(broken, 'body', {
        get() {
          throw new Error('broken on purpose')
        }
      })
      showMessages([
        timelineItem({ id: 'a', body: 'before' }),
        broken,
        timelineItem({ id: 'c', seq: 3, body: 'after' })
      ])
      expect(screen.getByText('before')).toBeTruthy()
      expect(screen.getByText(en.timeline.unreadable)).toBeTruthy()
      expect(screen.getByText('after')).toBeTruthy()
      expect(screen.getAllByRole('article')).toHaveLength(2)
    } finally {
      told.mockRestore()
    }
  })
})

describe('what hangs on a message', () => {
  const reactions = [
    { emoji: '👍', userIds: [ME, 'user-jiwoo'], own: true, waiting: false },
    { emoji: '🙏', userIds: ['user-jiwoo'], own: false, waiting: false }
  ]

  it('reactions tell who set them, and are joined or taken back by a click', () => {
    const item = timelineItem({ reactions })
    const { actions } = showMessages([item])
    const own = screen.getByRole('button', { name: '👍 You, Jiwoo' })
    expect(own.getAttribute('aria-pressed')).toBe('true')
    fireEvent.click(own)
    fireEvent.click(screen.getByRole('button', { name: '🙏 Jiwoo' }))
    expect(actions.react.mock.calls).toEqual([
      [item, '👍', false],
      [item, '🙏', true]
    ])
  })

  it('a reaction that goes with its last person leaves the focus to its message', () => {
    const { actions } = showMessages([
      timelineItem({ reactions: [{ emoji: '👍', userIds: [ME], own: true, waiting: false }] })
    ])
    const reaction = screen.getByRole('button', { name: '👍 You' })
    act(() => reaction.focus())
    fireEvent.click(reaction)
    expect(actions.react).toHaveBeenCalledTimes(1)
    expect(document.activeElement).toBe(screen.getByRole('article'))
  })

  it('a quote leads to what it quotes, also where the device does not hold it; one that is nowhere says so', () => {
    const message = { seq: 1, authorId: 'user-jiwoo', excerpt: 'who brings the rice?', deleted: false }
    const { actions } = showMessages([
      timelineItem({ id: 'b', seq: 2, replyTo: { id: 'a', seq: 1, message } }),
      timelineItem({ id: 'c', seq: 3, replyTo: { id: 'x', seq: null, message: null } }),
      timelineItem({ id: 'e', seq: 5, replyTo: { id: 'z', seq: 2, message: null } }),
      timelineItem({
        id: 'd',
        seq: 4,
        replyTo: { id: 'y', seq: 1, message: { ...message, excerpt: '', deleted: true } }
      })
    ])
    const [quote] = screen.getAllByRole('button', { name: 'Show the message by Jiwoo' })
    if (!quote) throw new Error('the quote is a button')
    expect(quote.textContent).toContain('who brings the rice?')
    fireEvent.click(quote)
    expect(actions.show.mock.calls).toEqual([[{ id: 'a', seq: 1 }]])
    expect(screen.getByText(en.timeline.quoteMissing)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: en.timeline.quoteElsewhere }))
    expect(actions.show.mock.calls.at(-1)).toEqual([{ id: 'z', seq: 2 }])
    expect(screen.getByText(en.timeline.deleted)).toBeTruthy()
  })

  it('its tools are there in focus and under a mouse, not for deleted and refused ones', () => {
    const error = { code: 'room-full', message: '' }
    const item = timelineItem({ id: 'a' })
    const { actions } = showMessages([
      item,
      timelineItem({ id: 'b', seq: 2, body: '', deletedAt: '2026-02-10T06:06:00.000Z' }),
      own({ id: 'c', seq: null, state: { name: 'refused', error, entryId: 'e' } })
    ])
    expect(screen.queryByRole('toolbar')).toBeNull()
    for (const message of screen.getAllByRole('article')) act(() => message.focus())
    expect(screen.queryByRole('toolbar')).toBeNull()
    const [first] = screen.getAllByRole('article')
    act(() => first?.focus())
    fireEvent.click(screen.getByRole('button', { name: 'Reply' }))
    expect(actions.reply.mock.calls).toEqual([[item]])
    fireEvent.click(screen.getByRole('button', { name: 'More' }))
    expect(actions.openMenu.mock.calls[0]?.[2]).toBe('all')
  })

  it('a finger that rests on it opens its menu, one that moves does not', () => {
    vi.useFakeTimers()
    try {
      const item = timelineItem()
      const { actions } = showMessages([item])
      const message = screen.getByRole('article')
      const touch = { pointerType: 'touch', isPrimary: true }
      fireEvent.pointerDown(message, { ...touch, clientX: 40, clientY: 50 })
      fireEvent.pointerMove(message, { ...touch, clientX: 40, clientY: 80 })
      vi.advanceTimersByTime(LONG_PRESS_MS)
      fireEvent.pointerDown(message, { ...touch, clientX: 40, clientY: 50 })
      fireEvent.pointerUp(message, touch)
      vi.advanceTimersByTime(LONG_PRESS_MS)
      fireEvent.pointerDown(message, { pointerType: 'mouse', isPrimary: true })
      vi.advanceTimersByTime(LONG_PRESS_MS)
      expect(actions.openMenu).not.toHaveBeenCalled()
      fireEvent.pointerDown(message, { ...touch, clientX: 40, clientY: 50 })
      fireEvent.pointerMove(message, { ...touch, clientX: 42, clientY: 52 })
      vi.advanceTimersByTime(LONG_PRESS_MS)
      expect(actions.openMenu.mock.calls).toEqual([[item, { x: 40, y: 50 }, 'all']])
    } finally {
      vi.useRealTimers()
    }
  })

  it('who is not in the room any more can copy, and change nothing', () => {
    const { actions } = showMessages([timelineItem({ reactions })], en, false)
    act(() => screen.getByRole('article').focus())
    expect(screen.queryByRole('button', { name: 'Reply' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'React' })).toBeNull()
    expect(screen.getByRole('button', { name: 'More' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '🙏 Jiwoo' }))
    expect(actions.react).not.toHaveBeenCalled()
  })

  it('that could not be drawn is tried again when it has changed', () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const Part = ({ broken }: { broken: boolean }) => {
      if (broken) throw new Error('broken on purpose')
      return <p>fine</p>
    }
    const element = (version: number, broken: boolean) => (
      <ErrorBoundary version={version} fallback={<p>failed</p>}>
        <Part broken={broken} />
      </ErrorBoundary>
    )
    try {
      const { rerender } = render(element(1, true))
      rerender(element(1, false))
      expect(screen.getByText('failed')).toBeTruthy()
      rerender(element(2, false))
      expect(screen.getByText('fine')).toBeTruthy()
    } finally {
      told.mockRestore()
    }
  })

  it('keeps the focus when it is edited', () => {
    const { users, services } = fakeServices()
    const actions = {
      joined: true,
      openMenu: vi.fn(),
      reply: vi.fn(),
      react: vi.fn(),
      show: vi.fn(),
      showReaders: vi.fn(),
      focused: vi.fn(),
      goToDay: vi.fn(),
      unfolded: new Set<string>(),
      willGrow: vi.fn()
    }
    const element = (item: TimelineItem) => (
      <RowActionsProvider value={actions}>
        {buildRows([item], new Set()).map((row) => (
          <MessageRow key={row.item.id} row={row} users={users.value} reachable shown={false} />
        ))}
      </RowActionsProvider>
    )
    const item = own({ body: 'one' })
    const { rerender } = show(element(item), { services })
    const message = screen.getByRole('article')
    act(() => message.focus())
    rerender(inContext(element({ ...item, body: 'two', editedAt: '2026-02-10T06:06:00.000Z' }), { services }))
    expect(screen.getByText('two')).toBeTruthy()
    expect(document.activeElement).toBe(message)
  })

  it('an edit that was refused keeps its words, with the two ways out', () => {
    const error = { code: 'not-a-member', message: '' }
    const change = {
      kind: 'edit',
      state: { name: 'refused', error, entryId: 'entry-4' },
      entryId: 'entry-4',
      body: 'new words'
    } as const
    const { commands } = showMessages([own({ body: 'old words', state: { name: 'accepted' }, change })])
    expect(screen.getByText('old words')).toBeTruthy()
    expect(screen.getByText('new words')).toBeTruthy()
    expect(screen.getByText(`${en.timeline.editRefused} · ${en.errors['not-a-member']}`)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }))
    expect(commands.discard).toHaveBeenCalledWith('entry-4')
  })

  it('one that the relay has lost says that it is only here', () => {
    showMessages([timelineItem({ onlyHere: true })])
    expect(screen.getByText(en.timeline.onlyHere)).toBeTruthy()
  })
})

describe('a system line', () => {
  const line = (event: TimelineItem['event'], authorId = ME) =>
    timelineItem({ kind: 'system', body: '', authorId, own: authorId === ME, ...(event ? { event } : {}) })

  it.each([
    [line({ name: 'room-created', userIds: ['user-jiwoo'] }), '내가 Jiwoo님과 함께 방을 만들었어요'],
    [line({ name: 'room-created', userIds: [] }, 'user-jiwoo'), 'Jiwoo님이 방을 만들었어요'],
    [line({ name: 'member-added', userIds: [ME] }, 'user-jiwoo'), 'Jiwoo님이 나를 초대했어요'],
    [line({ name: 'member-left', userIds: ['user-jiwoo'] }, 'user-jiwoo'), 'Jiwoo님이 방을 나갔어요'],
    [line({ name: 'member-removed', userIds: ['user-jiwoo'] }), '내가 Jiwoo님을 내보냈어요'],
    [line({ name: 'member-added', userIds: ['user-nobody-knows'] }), '내가 알 수 없는 사람님을 초대했어요']
  ])('%#: is worded in Korean', (item, words) => {
    showMessages([item], ko)
    expect(screen.getByText(words)).toBeTruthy()
  })

  it('is worded in English', () => {
    showMessages([line({ name: 'member-added', userIds: ['user-jiwoo'] })])
    expect(screen.getByText('You added Jiwoo')).toBeTruthy()
  })
})

describe('reading aloud', () => {
  it('speaks each new message of others once, and nothing that was there before', () => {
    const { services, users } = fakeServices()
    const element = (items: readonly TimelineItem[]) =>
      inContext(<Announcer rows={buildRows(items, new Set())} users={users.value} />, { services })
    const first = timelineItem({ body: 'old' })
    const { rerender } = render(element([first]))
    const spoken = () => screen.getByTestId('announcer').textContent
    expect(spoken()).toBe('')
    const second = timelineItem({ id: 'b', seq: 2, body: 'new' })
    act(() => rerender(element([first, second])))
    expect(spoken()).toBe('Jiwoo: new')
    const mine = own({ id: 'c', seq: 3, body: 'mine' })
    act(() => rerender(element([first, second, mine])))
    expect(spoken()).toBe('Jiwoo: new')
    const many = [4, 5, 6, 7].map((seq) => timelineItem({ id: `m${seq}`, seq }))
    act(() => rerender(element([first, second, mine, ...many])))
    expect(spoken()).toBe('4 new messages')
  })
})
