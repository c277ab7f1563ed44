import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { ConnectionLine } from '../features/connection/connection-line.tsx'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import { fakeServices, outboxItem, show } from './fake-services.tsx'

const badge = () => screen.getByRole('status').textContent
const languages = [
  ['English', en],
  ['Korean', ko]
] as const

describe('the connection line', () => {
  it('tells each state in words', () => {
    const { services, status } = fakeServices()
    show(<ConnectionLine />, { services })
    expect(badge()).toBe('Connected')
    act(() => status.next({ name: 'connecting' }))
    expect(badge()).toBe('Connecting')
    act(() => status.next({ name: 'waiting', reason: 'network', retryAt: Date.now() + 5000 }))
    expect(badge()).toBe('No network')
    act(() => status.next({ name: 'waiting', reason: 'unreachable', retryAt: Date.now() + 5000 }))
    expect(badge()).toBe('Relay unreachable')
    act(() => status.next({ name: 'ended', reason: 'client-too-old' }))
    expect(badge()).toBe('Please update this app')
    act(() => status.next({ name: 'ended', reason: 'other-relay' }))
    expect(badge()).toBe('Another relay answers at this address')
  })

  it('counts down to the next try, and tries at once when asked', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      const { services, status } = fakeServices()
      status.next({ name: 'waiting', reason: 'unreachable', retryAt: 1_009_000 })
      show(<ConnectionLine />, { services })
      expect(screen.getByText('next try in 9 s')).toBeTruthy()
      act(() => {
        vi.advanceTimersByTime(4000)
      })
      expect(screen.getByText('next try in 5 s')).toBeTruthy()
      expect(badge()).toBe('Relay unreachable')
      fireEvent.click(screen.getByRole('button', { name: 'Connect now' }))
      expect(services.connectNow).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it.each(['revoked', 'expired', 'account-disabled', 'account-deleted'] as const)(
    'says why one was signed out, and gives what is here as a file: %s',
    async (why) => {
      const { services, status } = fakeServices()
      status.next({ name: 'ended', reason: 'signed-out', why })
      const urls = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:saved')
      const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
      show(<ConnectionLine />, { services })
      expect(screen.getByText(en.connection.endedWhy[why])).toBeTruthy()
      fireEvent.click(screen.getByRole('button', { name: en.connection.save }))
      await waitFor(() => expect(click).toHaveBeenCalledTimes(1))
      expect(services.exportAll).toHaveBeenCalledTimes(1)
      click.mockRestore()
      urls.mockRestore()
    }
  )

  it('tells when an owner of the relay has ended the connection', () => {
    const { services, status } = fakeServices()
    status.next({ name: 'waiting', reason: 'unreachable', retryAt: Date.now() + 5_000, byOwner: true })
    show(<ConnectionLine />, { services })
    expect(screen.getByText(en.connection.waitingByOwner)).toBeTruthy()
  })

  it.each(languages)('says that the relay cannot store, and that sending waits: %s', (_name, texts) => {
    const { services, status } = fakeServices()
    status.next({ name: 'connected', relayCannotStore: true })
    show(<ConnectionLine onlyTrouble />, { services, texts })
    expect(badge()).toBe(texts.connection.cannotStore)
    expect(screen.getByRole('status').dataset['look']).toBe('warning')
    act(() => status.next({ name: 'connected' }))
    expect(screen.queryByRole('status')).toBeNull()
  })

  it.each(languages)('tells that the line was too slow, and without a network only that: %s', (_name, texts) => {
    const { services, status } = fakeServices()
    const wait = { name: 'waiting', retryAt: Date.now() + 5_000 } as const
    status.next({ ...wait, reason: 'unreachable', tooSlow: true })
    show(<ConnectionLine />, { services, texts })
    expect(badge()).toBe(texts.connection.waitingTooSlow)
    act(() => status.next({ ...wait, reason: 'network', tooSlow: true, byOwner: true }))
    expect(badge()).toBe(texts.connection.waiting.network)
  })

  it('[SPEC §4] shows what the relay says and this app has no words for', () => {
    const { services, status } = fakeServices()
    status.next({ name: 'connected', said: 'The relay moves house at six' })
    show(<ConnectionLine onlyTrouble />, { services })
    expect(badge()).toBe('Connected')
    expect(screen.getByRole('alert').textContent).toBe('The relay moves house at six')
    act(() => status.next({ name: 'waiting', reason: 'unreachable', retryAt: 0, said: 'Gone to the new house' }))
    expect(screen.getByRole('alert').textContent).toBe('Gone to the new house')
    act(() => status.next({ name: 'connected' }))
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('leads to signing in again when the session has ended', () => {
    const { services, status } = fakeServices()
    status.next({ name: 'ended', reason: 'signed-out' })
    show(<ConnectionLine />, { services })
    fireEvent.click(screen.getByRole('button', { name: 'Sign in again' }))
    expect(services.signInAgain).toHaveBeenCalledTimes(1)
  })

  it('in a room it is there only when something is wrong', () => {
    const { services, status } = fakeServices()
    show(<ConnectionLine onlyTrouble />, { services })
    expect(screen.queryByRole('status')).toBeNull()
    act(() => status.next({ name: 'waiting', reason: 'network', retryAt: 0 }))
    expect(badge()).toBe('No network')
  })
})

describe('the outbox', () => {
  const refused = outboxItem({
    id: 'entry-2',
    state: 'refused',
    error: { code: 'not-a-member', message: 'for developers' },
    cancel: null,
    retry: true,
    dependants: ['entry-8', 'entry-9'],
    operation: { type: 'room.create', roomId: 'room-2', kind: 'group', name: 'Hikers', memberIds: [] }
  })
  const waiting = outboxItem()
  const accepted = outboxItem({ id: 'entry-3', state: 'accepted' })

  async function open() {
    const fake = fakeServices()
    fake.outbox.next([waiting, refused, accepted])
    show(<ConnectionLine />, { services: fake.services })
    fireEvent.click(screen.getByRole('button', { name: '1 waiting to send' }))
    await screen.findByRole('dialog')
    return fake
  }

  it('is offered with its numbers, in both languages, and not when it is empty', () => {
    const { services, outbox } = fakeServices()
    const { unmount } = show(<ConnectionLine />, { services })
    expect(screen.queryByRole('button')).toBeNull()
    act(() => outbox.next([waiting, refused, accepted]))
    expect(screen.getByRole('button', { name: '1 waiting to send' })).toBeTruthy()
    expect(screen.getByRole('button', { name: '1 not sent' })).toBeTruthy()
    unmount()
    show(<ConnectionLine />, { services, texts: ko })
    expect(screen.getByRole('button', { name: '1개 전송 대기 중' })).toBeTruthy()
  })

  it('lists what waits and what was refused in the words of the person, with the reason', async () => {
    await open()
    const dialog = within(screen.getByRole('dialog', { name: 'Outbox' }))
    expect(dialog.getAllByRole('listitem')).toHaveLength(2)
    expect(dialog.getByText('Message in “Family”')).toBeTruthy()
    expect(dialog.getByText('see you at six')).toBeTruthy()
    expect(dialog.getByText('Create room “Hikers”')).toBeTruthy()
    expect(dialog.getByText(en.errors['not-a-member'])).toBeTruthy()
    expect(dialog.queryByText(/for developers/)).toBeNull()
  })

  it('takes back what waits, and says when it is too late for that', async () => {
    const { commands } = await open()
    const cancel = screen.getByRole('button', { name: 'Cancel: see you at six' })
    fireEvent.click(cancel)
    expect(commands.cancel).toHaveBeenCalledWith('entry-1')
    expect(screen.queryByText(en.outbox.tooLate)).toBeNull()
    commands.cancel.mockResolvedValue('too-late')
    fireEvent.click(cancel)
    await waitFor(() => expect(screen.getByText(en.outbox.tooLate)).toBeTruthy())
  })

  it('offers to undo what was sent, and nothing for what cannot be undone', async () => {
    const fake = fakeServices()
    fake.outbox.next([
      outboxItem({ id: 'a', state: 'sent', cancel: 'undo' }),
      outboxItem({ id: 'b', state: 'sent', cancel: null, operation: { type: 'read.mark', roomId: 'room-1', seq: 3 } })
    ])
    show(<ConnectionLine />, { services: fake.services })
    fireEvent.click(screen.getByRole('button', { name: '1 waiting to send' }))
    const rows = within(await screen.findByRole('dialog')).getAllByRole('listitem')
    expect(rows.map((row) => within(row).queryAllByRole('button').length)).toEqual([1, 0])
    fireEvent.click(screen.getByText('Undo'))
    expect(fake.commands.cancel).toHaveBeenCalledWith('a')
  })

  it('tries a refused one again, or discards it, alone or with what waits for it', async () => {
    const { commands } = await open()
    fireEvent.click(screen.getByRole('button', { name: 'Retry: Create room “Hikers”' }))
    expect(commands.retry).toHaveBeenCalledWith('entry-2')
    fireEvent.click(screen.getByRole('button', { name: 'Discard: Create room “Hikers”' }))
    expect(commands.discard).toHaveBeenLastCalledWith('entry-2', { withDependants: false })
    fireEvent.click(screen.getByRole('button', { name: 'Discard all 3' }))
    expect(commands.discard).toHaveBeenLastCalledWith('entry-2', { withDependants: true })
    expect(screen.queryByRole('button', { name: 'Retry: see you at six' })).toBeNull()
  })

  it('closes by Esc', async () => {
    await open()
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
