import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HostDialog } from '../features/relay/host-dialog.tsx'
import { InviteDialog } from '../features/relay/invite-dialog.tsx'
import type { HostState, ShellHost } from '../platform/bridge.ts'
import { inviteAppLink } from '../platform/invite-link.ts'
import { en as catalogue } from '../texts/en.ts'
import { hostingTextsEn } from '../texts/hosting-texts.en.ts'
import { fakeServices, show } from './fake-services.tsx'

const en = { ...catalogue, ...hostingTextsEn }

const FINGERPRINT = 'ab'.repeat(32)
const ON: Extract<HostState, { name: 'on' }> = {
  name: 'on',
  relayName: 'Hall',
  url: 'https://192.168.0.10:4100',
  browserUrl: 'http://192.168.0.10:4100',
  fingerprint: FINGERPRINT,
  relayId: 'r1',
  hasOwner: true,
  people: 22,
  devices: 30,
  names: ['Minji', 'Joon'],
  storedBytes: 12_345_678,
  announced: true
}
const WORDS = 'apple-river-stone-lamp-field-note'

let tell: (state: HostState) => void
let first: HostState
const stop = vi.fn<ShellHost['stop']>(async () => {})
const backup = vi.fn<ShellHost['backup']>(async () => null)
const start = vi.fn<ShellHost['start']>(async () => {})
const host: ShellHost = {
  onState: (told) => {
    tell = told
    told(first)
    return () => {}
  },
  addresses: async () => [
    { address: '192.168.0.10', interfaceName: 'eth0', isPrivate: true },
    { address: '10.0.0.1', interfaceName: 'eth1', isPrivate: true }
  ],
  chosen: async () => ({ address: '10.0.0.1', port: 4200, name: 'Hall' }),
  start,
  stop,
  backup
}

beforeEach(() => {
  vi.clearAllMocks()
  first = ON
  window.location.hash = '#/'
})
afterEach(() => void Reflect.deleteProperty(window, 'maruDesktop'))

const open = () => show(<HostDialog host={host} onClose={() => undefined} />)
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

describe('the relay on this computer', () => {
  it('says who is connected, how much is stored, and whether the network was told of it', async () => {
    open()
    expect(await screen.findByText(en.hosting.connectedWords(22, 30))).toBeTruthy()
    expect(screen.getByText(en.hosting.andMore(['Minji', 'Joon'], 20))).toBeTruthy()
    expect(screen.getByText('12.3 MB')).toBeTruthy()
    expect(screen.getByText(en.hosting.announced)).toBeTruthy()
    expect(screen.getByLabelText(en.hosting.link)).toHaveProperty('value', ON.browserUrl)
    expect(screen.getAllByText('abab')).toHaveLength(16)
    expect(screen.queryByLabelText(en.hosting.ownerCode)).toBeNull()
    tell({ ...ON, people: 0, names: [], announced: false, hasOwner: false, ownerCode: 'OWNR' })
    expect(await screen.findByText(en.hosting.nobody)).toBeTruthy()
    expect(screen.getByText(en.hosting.notAnnounced)).toBeTruthy()
    expect(screen.getByLabelText(en.hosting.ownerCode)).toHaveProperty('value', 'OWNR')
  })

  it('is backed up: where to and how much, or that it could not be', async () => {
    open()
    backup.mockResolvedValueOnce({ folder: '/media/disk/maru-1', messages: 1234 })
    press(en.hosting.backup)
    expect(await screen.findByText(en.hosting.backedUp(1234, '/media/disk/maru-1'))).toBeTruthy()
    backup.mockRejectedValueOnce(new Error('no room'))
    press(en.hosting.backup)
    expect(await screen.findByText(en.hosting.backupFailed)).toBeTruthy()
    press(en.hosting.backup)
    await waitFor(() => expect(screen.queryByText(en.hosting.backupFailed)).toBeNull())
  })

  it('is stopped once the person has said so twice, and begins again as it was', async () => {
    open()
    press(en.hosting.stop)
    expect(stop).not.toHaveBeenCalled()
    const sure = await screen.findByRole('dialog', { name: en.hosting.stopTitle })
    fireEvent.click(within(sure).getByRole('button', { name: en.hosting.stop }))
    expect(stop).toHaveBeenCalledOnce()
    tell({ name: 'off' })
    const begin = await screen.findByRole('button', { name: en.hosting.start })
    await waitFor(() => expect(screen.getByLabelText(en.hosting.name)).toHaveProperty('value', 'Hall'))
    const form = begin.closest('form')
    if (form) fireEvent.submit(form)
    expect(start).toHaveBeenCalledExactlyOnceWith({ address: '10.0.0.1', port: 4200, name: 'Hall' })
  })
})

describe('an invite to a relay with a certificate of its own', () => {
  it.each([
    ['signed in by the app', ON.url],
    ['signed in as a browser', ON.browserUrl]
  ])(
    'on the computer that hosts it, %s: for browsers over http, for the app with the fingerprint',
    async (_, relayUrl) => {
      Object.assign(window, { maruDesktop: { host } })
      show(<InviteDialog onClose={() => undefined} />, { services: { ...fakeServices().services, relayUrl } })
      press(en.invite.make)
      expect(await screen.findByLabelText(en.hosting.appLink)).toHaveProperty(
        'value',
        inviteAppLink(ON.url, WORDS, FINGERPRINT)
      )
      expect(screen.getByLabelText(en.invite.link)).toHaveProperty('value', `${ON.browserUrl}/join/${WORDS}`)
    }
  )

  it('elsewhere, where it is pinned', async () => {
    Object.assign(window, { maruDesktop: { pinned: async () => FINGERPRINT } })
    show(<InviteDialog onClose={() => undefined} />, {
      services: { ...fakeServices().services, relayUrl: 'https://relay.test' }
    })
    press(en.invite.make)
    expect(await screen.findByLabelText(en.hosting.appLink)).toHaveProperty(
      'value',
      inviteAppLink('https://relay.test', WORDS, FINGERPRINT)
    )
  })

  it('of another relay, nothing is said of it', async () => {
    Object.assign(window, { maruDesktop: { host, pinned: async () => null } })
    show(<InviteDialog onClose={() => undefined} />, {
      services: { ...fakeServices().services, relayUrl: 'https://relay.test' }
    })
    press(en.invite.make)
    expect(await screen.findByLabelText(en.invite.link)).toHaveProperty('value', `https://relay.test/join/${WORDS}`)
    expect(screen.queryByLabelText(en.hosting.appLink)).toBeNull()
  })
})
