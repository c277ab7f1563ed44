import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { BehaviorSubject } from 'rxjs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ConnectionStatus } from '../connection/connection.ts'
import { ConnectionLine } from '../features/connection/connection-line.tsx'
import { AcceptInviteDialog } from '../features/relay/accept-invite-dialog.tsx'
import type { DesktopBridge, UnreachableReason } from '../platform/bridge.ts'
import { inviteAppLink } from '../platform/invite-link.ts'
import { en as catalogue } from '../texts/en.ts'
import { hostingTextsEn } from '../texts/hosting-texts.en.ts'
import { fakeServices, show } from './fake-services.tsx'

const en = { ...catalogue, ...hostingTextsEn }

const RELAY = 'https://192.168.0.10:4100'
const [ONE, OTHER] = ['ab'.repeat(32), 'cd'.repeat(32)]

let pins: Map<string, string>
let why: UnreachableReason
const unpin = vi.fn<NonNullable<DesktopBridge['unpin']>>(async () => {})

beforeEach(() => {
  vi.clearAllMocks()
  pins = new Map()
  why = 'unknown'
  const shell = {
    pin: async (url: string, fingerprint: string) => void pins.set(url, fingerprint),
    pinned: async (url: string) => pins.get(url) ?? null,
    unpin,
    whyUnreachable: async () => why
  }
  Object.assign(window, { maruDesktop: shell })
})
afterEach(() => void Reflect.deleteProperty(window, 'maruDesktop'))

const WAITING: ConnectionStatus = { name: 'waiting', reason: 'unreachable', retryAt: 0 }

it.each(['certificate-changed', 'restart-needed'] as const)(
  'a relay that is not reached for %s says so',
  async (code) => {
    why = code
    const services = { ...fakeServices().services, relayUrl: RELAY, status: new BehaviorSubject(WAITING) }
    show(<ConnectionLine />, { services })
    expect((await screen.findByRole('alert')).textContent).toBe(en.errors[code])
  }
)

it('what was said stands through the next try, and goes with the connection', async () => {
  why = 'certificate-changed'
  const status = new BehaviorSubject<ConnectionStatus>(WAITING)
  show(<ConnectionLine />, { services: { ...fakeServices().services, relayUrl: RELAY, status } })
  await screen.findByRole('alert')
  act(() => status.next({ name: 'connecting' }))
  expect(screen.getByRole('alert').textContent).toBe(en.errors['certificate-changed'])
  act(() => status.next({ name: 'connected' }))
  expect(screen.queryByRole('alert')).toBeNull()
})

it('of anything else the badge has said enough', async () => {
  why = 'refused'
  const status = new BehaviorSubject<ConnectionStatus>(WAITING)
  show(<ConnectionLine />, { services: { ...fakeServices().services, relayUrl: RELAY, status } })
  await screen.findByText(en.connection.waiting.unreachable)
  expect(screen.queryByRole('alert')).toBeNull()
})

it('an invite to the relay that one is on pins what it names, and then is accepted', async () => {
  const fakes = fakeServices()
  const services = { ...fakes.services, relayUrl: RELAY }
  show(<AcceptInviteDialog code="six-words" fingerprint={ONE} onClose={vi.fn<() => void>()} />, { services })
  fireEvent.click(screen.getByRole('button', { name: en.joining.join }))
  await waitFor(() => expect(services.invites.accept).toHaveBeenCalledExactlyOnceWith('six-words'))
  expect(pins.get(RELAY)).toBe(ONE)
})

it('another certificate than the pinned one stops it, and is for the person to decide', async () => {
  pins.set(RELAY, OTHER)
  const fakes = fakeServices()
  const services = { ...fakes.services, relayUrl: RELAY }
  show(<AcceptInviteDialog code="six-words" fingerprint={ONE} onClose={vi.fn<() => void>()} />, { services })
  fireEvent.click(screen.getByRole('button', { name: en.joining.join }))
  expect(await screen.findByText(en.errors['certificate-changed'])).toBeTruthy()
  expect(services.invites.accept).not.toHaveBeenCalled()
  expect(pins.get(RELAY)).toBe(OTHER)
  fireEvent.click(screen.getByRole('button', { name: en.certificates.isNew }))
  const dialog = await screen.findByRole('dialog', { name: en.certificates.title })
  fireEvent.click(within(dialog).getByRole('checkbox', { name: en.certificates.asked }))
  fireEvent.click(within(dialog).getByRole('button', { name: en.certificates.forget }))
  expect(unpin).toHaveBeenCalledExactlyOnceWith(RELAY, inviteAppLink(RELAY, 'six-words', ONE))
})
