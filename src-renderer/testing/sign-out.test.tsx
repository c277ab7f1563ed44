import { act, fireEvent, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { HistoryLine } from '../features/connection/history-line.tsx'
import { SignOutDialog } from '../features/rooms/sign-out-dialog.tsx'
import { en } from '../texts/en.ts'
import { fakeServices, outboxItem, roomSummary, show } from './fake-services.tsx'

const box = () => screen.getByRole('checkbox', { name: en.rooms.signOutWipe })

function open(...unsent: Parameters<typeof outboxItem>[0][]) {
  const fake = fakeServices()
  fake.outbox.next(unsent.map((item) => outboxItem(item)))
  show(<SignOutDialog onClose={() => undefined} />, { services: fake.services })
  return fake
}

describe('signing out', () => {
  it('deletes what is on the device when nothing waits, and says so', () => {
    const { services } = open({ state: 'accepted' })
    expect(screen.getByText(en.rooms.signOutLoses(0))).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: en.rooms.signOutAndDelete }))
    expect(services.signOut.mock.calls).toEqual([[{ wipe: true }]])
  })

  it('keeps what waits or was refused, unless somebody wants it gone after being told how much it is', () => {
    const { services } = open({ id: 'a' }, { id: 'b', state: 'refused' })
    expect(box().getAttribute('aria-checked')).toBe('false')
    expect(screen.getByText(en.rooms.signOutText(2))).toBeTruthy()
    fireEvent.click(box())
    expect(screen.getByText(en.rooms.signOutLoses(2))).toBeTruthy()
    fireEvent.click(box())
    fireEvent.click(screen.getByRole('button', { name: en.rooms.signOut }))
    expect(services.signOut.mock.calls).toEqual([[{ wipe: false }]])
  })
})

describe('signing out with unfinished texts', () => {
  it('keeps them too, and says what becomes of them', () => {
    const fake = fakeServices()
    fake.rooms.next([roomSummary({ draft: 'a long thought' })])
    show(<SignOutDialog onClose={() => undefined} />, { services: fake.services })
    expect(box().getAttribute('aria-checked')).toBe('false')
    expect(screen.getByText(en.rooms.signOutDrafts(1, false))).toBeTruthy()
    fireEvent.click(box())
    expect(screen.getByText(en.rooms.signOutDrafts(1, true))).toBeTruthy()
  })
})

describe('the loading of old messages', () => {
  it('tells how far it is, pauses and goes on; little of it is not worth a word', () => {
    const { services, history } = fakeServices()
    history.next({ held: 12_400, total: 48_213, paused: false })
    show(<HistoryLine />, { services })
    expect(screen.getByText('Loading older messages: 12,400 of 48,213')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: en.connection.pauseHistory }))
    expect(services.pauseHistory).toHaveBeenLastCalledWith(true)
    act(() => history.next({ held: 12_400, total: 48_213, paused: true }))
    fireEvent.click(screen.getByRole('button', { name: en.connection.resumeHistory }))
    expect(services.pauseHistory).toHaveBeenLastCalledWith(false)
    act(() => history.next({ held: 48_200, total: 48_213, paused: false }))
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('says when the device is full', () => {
    const { services, storage } = fakeServices()
    show(<HistoryLine />, { services })
    act(() => storage.next('full'))
    expect(screen.getByRole('alert').textContent).toBe(en.connection.storageFull)
    act(() => storage.next('ok'))
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
