import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProtocolError } from '../../protocol/errors.ts'
import { AccountDialog } from '../features/account/account-dialog.tsx'
import { ResetPassword } from '../features/first-run/reset-password.tsx'
import { en } from '../texts/en.ts'
import { fakeAccounts, fakeServices, show } from './fake-services.tsx'

afterEach(cleanup)

const session = (deviceId: string, more: { current?: boolean; online?: boolean } = {}) => ({
  deviceId,
  deviceName: deviceId,
  createdAt: '2026-02-10T06:05:00.000Z',
  lastUsedAt: '2026-02-11T06:05:00.000Z',
  current: false,
  online: false,
  ...more
})

describe('account and devices', () => {
  let fakes: ReturnType<typeof fakeServices>
  let closed: ReturnType<typeof vi.fn<() => void>>
  beforeEach(() => {
    fakes = fakeServices()
    closed = vi.fn<() => void>()
    fakes.services.account.sessions.mockResolvedValue([session('old phone'), session('this', { current: true })])
  })
  const open = () => show(<AccountDialog onClose={closed} />, { services: fakes.services })

  it('lists the devices, this one first and without a button, and signs another out', async () => {
    open()
    const rows = await screen.findAllByRole('listitem')
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringContaining(en.account.thisDevice),
      expect.stringContaining('old phone')
    ])
    expect(within(rows[0] as HTMLElement).queryByRole('button')).toBeNull()
    fakes.services.account.sessions.mockResolvedValue([session('this', { current: true })])
    fireEvent.click(screen.getByRole('button', { name: en.account.signOutDeviceLabel('old phone') }))
    await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(1))
    expect(fakes.services.account.endSession).toHaveBeenCalledExactlyOnceWith('old phone')
    expect(screen.queryByRole('button', { name: en.account.signOutOthers })).toBeNull()
  })

  it('says why the list could not be had, and asks again', async () => {
    fakes.services.account.sessions.mockRejectedValueOnce(new ProtocolError('rate-limited', 'no'))
    open()
    await screen.findByText(`${en.account.loadFailed} ${en.errors['rate-limited']}`)
    fireEvent.click(screen.getByRole('button', { name: en.timeline.tryAgain }))
    expect(await screen.findAllByRole('listitem')).toHaveLength(2)
    expect(screen.queryByText(en.errors['rate-limited'], { exact: false })).toBeNull()
  })

  it('changes the password: checked before it is sent, and a wrong one is said', async () => {
    open()
    const submit = () => fireEvent.click(screen.getByRole('button', { name: en.account.changePassword }))
    const write = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } })
    submit()
    expect(screen.getByText(en.signIn.missing.password)).toBeTruthy()
    write(en.account.currentPassword, 'old')
    write(en.account.newPassword, 'short')
    submit()
    expect(screen.getByText(en.signIn.badPassword(8, 200))).toBeTruthy()
    expect(fakes.services.account.changePassword).not.toHaveBeenCalled()
    write(en.account.newPassword, 'long enough')
    fakes.services.account.changePassword.mockRejectedValueOnce(new ProtocolError('wrong-password', 'no'))
    submit()
    await screen.findByText(en.errors['wrong-password'])
    submit()
    await screen.findByText(en.account.changed)
    expect(fakes.services.account.changePassword).toHaveBeenLastCalledWith('old', 'long enough')
    expect(screen.getByLabelText(en.account.currentPassword)).toHaveProperty('value', '')
  })

  it('deletes the account only with the password, and wipes the device after, not before', async () => {
    const order: string[] = []
    fakes.services.account.deleteAccount.mockRejectedValueOnce(new ProtocolError('wrong-password', 'no'))
    fakes.services.signOut.mockImplementation(async ({ wipe }) => {
      order.push(`sign out, wipe: ${wipe}`)
    })
    open()
    fireEvent.click(await screen.findByRole('button', { name: en.account.delete }))
    expect(screen.getByText(en.account.deleteText)).toBeTruthy()
    const sure = screen.getByRole('button', { name: en.account.deleteNow })
    fireEvent.click(sure)
    expect(fakes.services.account.deleteAccount).not.toHaveBeenCalled()
    fireEvent.change(screen.getByLabelText(en.account.deleteAsk), { target: { value: 'secret' } })
    fireEvent.click(sure)
    await screen.findByText(en.errors['wrong-password'])
    expect(order).toEqual([])
    fakes.services.account.deleteAccount.mockImplementation(async (password) => {
      order.push(`delete with ${password}`)
    })
    fireEvent.click(sure)
    await waitFor(() => expect(order).toEqual(['delete with secret', 'sign out, wipe: true']))
  })
})

describe('a new password by a link', () => {
  it('is set, then signs in; a used link is said', async () => {
    const accounts = fakeAccounts()
    accounts.setPassword.mockRejectedValueOnce(new ProtocolError('wrong-reset', 'no'))
    show(<ResetPassword accounts={accounts} relayUrl="http://relay" username="jisu" code="a-b" />)
    const submit = () => fireEvent.click(screen.getByRole('button', { name: en.resetting.submit }))
    submit()
    expect(screen.getByText(en.signIn.badPassword(8, 200))).toBeTruthy()
    fireEvent.change(screen.getByLabelText(en.resetting.newPassword), { target: { value: 'long enough' } })
    submit()
    await screen.findByText(en.errors['wrong-reset'])
    expect(accounts.signIn).not.toHaveBeenCalled()
    submit()
    await waitFor(() =>
      expect(accounts.signIn).toHaveBeenCalledExactlyOnceWith({
        relayUrl: 'http://relay',
        username: 'jisu',
        password: 'long enough'
      })
    )
  })
})
