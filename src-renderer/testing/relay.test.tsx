import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProtocolError } from '../../protocol/errors.ts'
import type { AdminUser } from '../../protocol/rest.ts'
import { AcceptInviteDialog } from '../features/relay/accept-invite-dialog.tsx'
import { InviteDialog } from '../features/relay/invite-dialog.tsx'
import { OwnerPage } from '../features/relay/owner-page.tsx'
import { en } from '../texts/en.ts'
import { fakeServices, show } from './fake-services.tsx'

let fakes: ReturnType<typeof fakeServices>
beforeEach(() => {
  fakes = fakeServices()
  window.location.hash = '#/'
})
afterEach(cleanup)

const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const WORDS = 'apple-river-stone-lamp-field-note'

describe('inviting', () => {
  it('makes an invite as wished, and hands on link, words and a QR code', async () => {
    show(<InviteDialog onClose={vi.fn<() => void>()} />, { services: fakes.services })
    fireEvent.click(screen.getByRole('radio', { name: en.invite.usesWords(5) }))
    fireEvent.click(screen.getByRole('radio', { name: en.invite.days(1) }))
    click(en.invite.make)
    const link = await screen.findByLabelText(en.invite.link)
    expect(link).toHaveProperty('value', `http://relay.example/join/${WORDS}`)
    expect(screen.getByLabelText(en.invite.code)).toHaveProperty('value', WORDS)
    expect(fakes.services.invites.make).toHaveBeenCalledExactlyOnceWith({ uses: 5, expiresInHours: 24, roomIds: [] })
    expect(await screen.findByRole('img', { name: en.invite.qr })).toBeTruthy()
  })

  it('a relay of this computer alone has no link for others, and says why', async () => {
    const services = { ...fakes.services, relayUrl: 'http://127.0.0.1:4100' }
    show(<InviteDialog onClose={vi.fn<() => void>()} />, { services })
    click(en.invite.make)
    await screen.findByText(en.invite.onlyHere)
    expect(screen.queryByRole('img', { name: en.invite.qr })).toBeNull()
  })

  it('lists what can be used, and revokes', async () => {
    const invite = {
      id: 'i1',
      createdBy: null,
      createdAt: '2026-02-10T06:05:00.000Z',
      expiresAt: '2026-02-17T06:05:00.000Z',
      uses: 20,
      usesLeft: 7,
      roomIds: []
    }
    fakes.services.invites.list.mockResolvedValueOnce([invite]).mockResolvedValue([])
    show(<InviteDialog onClose={vi.fn<() => void>()} />, { services: fakes.services })
    await screen.findByText(en.invite.left(7, 20))
    click(en.invite.revokeLabel(en.dates.day(invite.createdAt)))
    await screen.findByText(en.invite.none)
    expect(fakes.services.invites.revoke).toHaveBeenCalledExactlyOnceWith('i1')
  })

  it('who has an account is led into the room, or hears that there is nothing new', async () => {
    fakes.services.invites.accept.mockRejectedValueOnce(new ProtocolError('wrong-invite', 'no'))
    const { unmount } = show(<AcceptInviteDialog code={WORDS} onClose={vi.fn<() => void>()} />, {
      services: fakes.services
    })
    click(en.joining.join)
    await screen.findByText(en.errors['wrong-invite'])
    fakes.services.invites.accept.mockResolvedValueOnce([{ id: 'room-1', name: 'Garden' }])
    click(en.joining.join)
    await waitFor(() => expect(window.location.hash).toBe('#/room/room-1'))
    unmount()
    show(<AcceptInviteDialog code={WORDS} onClose={vi.fn<() => void>()} />, { services: fakes.services })
    click(en.joining.join)
    await screen.findByText(en.joining.nothingNew)
  })
})

describe('the owner’s page', () => {
  const row = (id: string, more: Partial<AdminUser> = {}): AdminUser => ({
    user: {
      type: 'user',
      rev: 1,
      id,
      username: id,
      displayName: id.toUpperCase(),
      role: 'member',
      createdAt: '2026-02-10T06:05:00.000Z'
    },
    disabled: false,
    deviceCount: 2,
    onlineDeviceCount: 1,
    lastUsedAt: null,
    ...more
  })
  const open = async (section: keyof typeof en.admin.sections) => {
    show(<OwnerPage onClose={vi.fn<() => void>()} />, { services: fakes.services })
    fireEvent.click(await screen.findByRole('tab', { name: en.admin.sections[section] }))
  }
  const choose = async (person: string, what: string) => {
    fireEvent.click(await screen.findByRole('button', { name: en.admin.actions(person) }))
    fireEvent.click(await screen.findByRole('menuitem', { name: what }))
  }

  it('begins with how the relay is, trouble first', async () => {
    fakes.services.administration.overview.mockResolvedValueOnce({
      ...(await fakes.services.administration.overview()),
      storage: { driver: 'lowdb', bytes: 12_300_000, users: 3, rooms: 2, trouble: 'ENOSPC' },
      errors: [{ at: '2026-02-10T06:05:00.000Z', message: 'a room is damaged' }]
    })
    show(<OwnerPage onClose={vi.fn<() => void>()} />, { services: fakes.services })
    await screen.findByText(en.admin.trouble('ENOSPC'))
    expect(screen.getByText(/12\.3 MB/)).toBeTruthy()
    expect(screen.getByText('a room is damaged')).toBeTruthy()
  })

  it('lists people page by page', async () => {
    const { users } = fakes.services.administration
    users.mockResolvedValueOnce({ users: [row('anna')], next: 'anna' })
    users.mockResolvedValueOnce({ users: [row('ben', { disabled: true })], next: null })
    await open('people')
    await screen.findByText('ANNA')
    click(en.admin.more)
    await screen.findByText('BEN')
    expect(users.mock.calls.at(-1)).toEqual(['anna'])
    expect(screen.getByText(en.admin.disabled)).toBeTruthy()
    expect(screen.queryByRole('button', { name: en.admin.more })).toBeNull()
  })

  it('disables only after asking; a reset link is for that person', async () => {
    fakes.services.administration.users.mockResolvedValue({ users: [row('jisu')], next: null })
    await open('people')
    await choose('JISU', en.admin.disable)
    expect(fakes.services.administration.changeUser).not.toHaveBeenCalled()
    const dialog = screen.getByRole('dialog')
    fireEvent.click(within(dialog).getByRole('button', { name: en.admin.disable }))
    await waitFor(() =>
      expect(fakes.services.administration.changeUser).toHaveBeenCalledExactlyOnceWith('jisu', { disabled: true })
    )
    await choose('JISU', en.admin.reset)
    expect(await screen.findByLabelText(en.admin.resetLink)).toHaveProperty(
      'value',
      'http://relay.example/#/reset/jisu/one-two-three'
    )
  })

  it('what the relay refuses is said, and the list stays', async () => {
    fakes.services.administration.users.mockResolvedValue({ users: [row('jisu')], next: null })
    fakes.services.administration.changeUser.mockRejectedValueOnce(new ProtocolError('last-owner', 'no'))
    await open('people')
    await choose('JISU', en.admin.makeOwner)
    await screen.findByText(en.errors['last-owner'])
    expect(screen.getByText('JISU')).toBeTruthy()
  })

  it('closes a room after asking, and shows the log in words, unknown acts too', async () => {
    const room = {
      id: 'r',
      kind: 'group',
      name: 'Garden',
      memberCount: 3,
      headSeq: 9,
      createdAt: '2026-02-10T06:05:00.000Z'
    } as const
    fakes.services.administration.rooms.mockResolvedValue({ rooms: [room], next: null })
    const at = '2026-02-10T06:05:00.000Z'
    fakes.services.administration.audit.mockResolvedValue({
      entries: [
        { seq: 2, at, actorId: null, act: 'room.closed', roomId: 'r', detail: 'Garden' },
        { seq: 1, at, actorId: null, act: 'news.act' }
      ],
      olderCursor: null
    })
    await open('rooms')
    fireEvent.click(await screen.findByRole('button', { name: en.admin.closeTitle('Garden') }))
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: en.admin.close }))
    await waitFor(() => expect(fakes.services.administration.closeRoom).toHaveBeenCalledExactlyOnceWith('r'))
    fireEvent.click(screen.getByRole('tab', { name: en.admin.sections.audit }))
    await screen.findByText(`${en.admin.byCommand} · ${en.admin.acts['room.closed']} · Garden`)
    expect(screen.getByText(`${en.admin.byCommand} · ${en.admin.unknownAct('news.act')}`)).toBeTruthy()
  })
})
