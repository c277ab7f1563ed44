// What is seen of several relays: the strip beside what is in front, the sum of what is unread, and that there is nothing of it where there is one.
import { act, fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { App } from '../app.tsx'
import { UnreadTitle } from '../features/notifications/unread-title.tsx'
import { RelayStrip } from '../features/relays/relay-strip.tsx'
import { SettingsDialog } from '../features/settings/settings-dialog.tsx'
import { ShortcutSheet } from '../features/switcher/shortcut-sheet.tsx'
import { RelaysProvider } from '../services-context.tsx'
import type { RelayInList, Relays, Services } from '../services.ts'
import { MUTED_FOR_GOOD } from '../store/chat-store.ts'
import { en } from '../texts/en.ts'
import { NoteDialog } from '../ui/note-dialog.tsx'
import { fakeServices, roomSummary, show } from './fake-services.tsx'

beforeEach(() => localStorage.clear())

function listed(name: string, services: Services | null, state: RelayInList['state'] = 'open'): RelayInList {
  const me = { userId: `${name}-me`, username: 'minji', displayName: 'Minji', isOwner: false }
  return { relayId: name, relayUrl: `https://${name}.example`, me, state, services }
}

function relaysOf(list: readonly RelayInList[], frontId: string | null = list[0]?.relayId ?? null) {
  return {
    list,
    frontId,
    bringToFront: vi.fn<Relays['bringToFront']>(),
    add: vi.fn<Relays['add']>()
  } satisfies Relays
}

const names = () =>
  screen.getAllByRole('button').map((button) => button.getAttribute('aria-label') ?? button.textContent)

describe('the strip of relays', () => {
  it('says of each whose it is, what is unread in rooms that are not muted, and what is the matter with it', () => {
    const [home, work] = [fakeServices(), fakeServices()]
    home.rooms.next([roomSummary({ unread: 2 }), roomSummary({ id: 'b', unread: 5, mutedUntil: MUTED_FOR_GOOD })])
    work.rooms.next([])
    const list = [listed('home', home.services), listed('work', work.services), listed('club', null, 'unreadable')]
    show(<RelayStrip relays={relaysOf(list, 'work')} />)
    expect(names()).toEqual([
      'home.example, as Minji, 2 unread messages',
      'work.example, as Minji',
      `club.example, as Minji, ${en.relays.unreadable}`,
      en.relays.add
    ])
    expect(screen.getByRole('button', { current: true }).getAttribute('aria-label')).toContain('work')
    act(() => work.status.next({ name: 'waiting', reason: 'unreachable', retryAt: 0 }))
    act(() => home.status.next({ name: 'ended', reason: 'signed-out', why: 'revoked' }))
    act(() => work.rooms.next([roomSummary({ unread: 1 })]))
    expect(names().slice(0, 2)).toEqual([
      `home.example, as Minji, 2 unread messages, ${en.relays.signedOut}`,
      `work.example, as Minji, 1 unread message, ${en.relays.notConnected}`
    ])
  })

  it('leads to each by a click or its key, and to another one that is added', () => {
    const relays = relaysOf([listed('home', fakeServices().services), listed('work', null, 'opening')])
    show(<RelayStrip relays={relays} />)
    fireEvent.click(screen.getByRole('button', { name: /^work/ }))
    fireEvent.keyDown(window, { code: 'Digit1', key: '1', ctrlKey: true })
    fireEvent.keyDown(window, { code: 'Digit3', key: '3', ctrlKey: true })
    fireEvent.click(screen.getByRole('button', { name: en.relays.add }))
    expect(relays.bringToFront.mock.calls).toEqual([['work'], ['home']])
    expect(relays.add).toHaveBeenCalledOnce()
  })

  it('takes nobody out of a dialog by a key', () => {
    const relays = relaysOf([listed('home', null, 'opening'), listed('work', null, 'opening')])
    show(
      <>
        <RelayStrip relays={relays} />
        <NoteDialog title={en.settings.title} words="" closeLabel={en.close} onClose={() => undefined} />
      </>
    )
    fireEvent.keyDown(window, { code: 'Digit2', key: '2', ctrlKey: true })
    expect(relays.bringToFront).not.toHaveBeenCalled()
  })
})

it('the title counts what is unread at all relays; one that fails counts nothing, and takes no other one along', () => {
  const [home, work] = [fakeServices(), fakeServices()]
  home.rooms.next([roomSummary({ unread: 2 })])
  work.rooms.next([roomSummary({ unread: 3 })])
  show(<UnreadTitle stores={[home.services.store, work.services.store]} />)
  expect(document.title).toBe(`(5) ${en.productName}`)
  act(() => work.rooms.next([]))
  expect(document.title).toBe(`(2) ${en.productName}`)
  act(() => work.rooms.error(new Error('broken')))
  act(() => home.rooms.next([roomSummary({ unread: 1 })]))
  expect(document.title).toBe(`(1) ${en.productName}`)
})

describe('where there is one relay', () => {
  const strip = () => screen.queryByRole('navigation', { name: en.relays.title })

  it('there is no strip, and with a second one there is', async () => {
    const { services } = fakeServices()
    const shown = { name: 'rooms', services } as const
    const one = relaysOf([listed('home', services)])
    const several = relaysOf([...one.list, listed('work', null, 'opening')])
    const view = show(<App screen={shown} relays={several} />)
    expect(await screen.findByRole('navigation', { name: en.relays.title })).toBeTruthy()
    for (const relays of [one, null]) {
      view.rerender(<App screen={shown} relays={relays} />)
      expect(strip()).toBeNull()
    }
  })

  it('another one is added in the settings of the desktop app; in a browser, and where the strip does it, they say nothing', () => {
    const { services } = fakeServices()
    const one = relaysOf([listed('home', services)])
    const add = () => screen.queryByRole('button', { name: en.relays.add })
    for (const relays of [null, relaysOf([...one.list, listed('work', null)])]) {
      const view = show(settingsWith(relays), { services })
      expect(add()).toBeNull()
      view.unmount()
    }
    show(settingsWith(one), { services })
    fireEvent.click(screen.getByRole('button', { name: en.relays.add }))
    expect(one.add).toHaveBeenCalledOnce()
  })

  it('the keys of relays are in no list of shortcuts', () => {
    const several = relaysOf([listed('home', null), listed('work', null)])
    const counts = [null, relaysOf([listed('home', null)]), several].map((relays) => {
      const view = show(
        <RelaysProvider value={relays}>
          <ShortcutSheet onClose={() => undefined} />
        </RelaysProvider>
      )
      const count = screen.queryAllByText(en.shortcuts.of.relay).length
      view.unmount()
      return count
    })
    expect(counts).toEqual([0, 0, 1])
  })
})

function settingsWith(relays: Relays | null) {
  const nothing = () => undefined
  return (
    <RelaysProvider value={relays}>
      <SettingsDialog onClose={nothing} onAccount={nothing} onOwnerPage={undefined} onHost={undefined} />
    </RelaysProvider>
  )
}
