import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { RelayUnreachableError } from '../connection/connection.ts'
import { relayOrigin } from '../features/sign-in/relay-address.ts'
import { SignIn } from '../features/sign-in/sign-in.tsx'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import { fakeAccounts, relayAnswer, show } from './fake-services.tsx'

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { exact: true })
const fill = (label: string, value: string) => fireEvent.change(field(label), { target: { value } })
const submit = (name: string) => {
  const form = screen.getByRole('button', { name }).closest('form')
  if (form) fireEvent.submit(form)
}
const noteOf = (label: string) =>
  (field(label).getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ')

function fillSignUp() {
  fill('Username', 'jiwoo')
  fill('Display name', 'Jiwoo')
  fill('Password', 'long enough')
}

describe('signing in', () => {
  it('asks the own relay with what was typed', async () => {
    const accounts = fakeAccounts()
    show(<SignIn accounts={accounts} />)
    fill('Username', 'jiwoo')
    fill('Password', 'secret')
    submit('Sign in')
    await waitFor(() =>
      expect(accounts.signIn).toHaveBeenCalledWith({
        relayUrl: 'http://192.168.0.10:4100',
        username: 'jiwoo',
        password: 'secret'
      })
    )
  })

  it('says what is missing beside each field and asks nobody', () => {
    const accounts = fakeAccounts()
    show(<SignIn accounts={accounts} />)
    submit('Sign in')
    expect(noteOf('Username')).toContain(en.signIn.missing.username)
    expect(noteOf('Password')).toContain(en.signIn.missing.password)
    expect(document.activeElement).toBe(field('Username'))
    expect(accounts.signIn).not.toHaveBeenCalled()
  })

  it('says a wrong password beside the password, until it is changed', async () => {
    const accounts = fakeAccounts()
    accounts.signIn.mockRejectedValue(new ProtocolError('wrong-credentials', 'no'))
    show(<SignIn accounts={accounts} />)
    fill('Username', 'jiwoo')
    fill('Password', 'wrong')
    submit('Sign in')
    await waitFor(() => expect(noteOf('Password')).toContain(en.errors['wrong-credentials']))
    expect(field('Password').getAttribute('aria-invalid')).toBe('true')
    fill('Password', 'better')
    expect(field('Password').getAttribute('aria-invalid')).toBeNull()
  })

  it('asks once however often it is submitted while it is busy', async () => {
    const accounts = fakeAccounts()
    let fail: (error: Error) => void = () => undefined
    accounts.signIn.mockReturnValue(
      new Promise((_resolve, reject) => {
        fail = reject
      })
    )
    show(<SignIn accounts={accounts} />)
    fill('Username', 'jiwoo')
    fill('Password', 'secret')
    submit('Sign in')
    await screen.findByRole('button', { name: en.signIn.submitting })
    submit(en.signIn.submitting)
    expect(accounts.signIn).toHaveBeenCalledTimes(1)
    fail(new ProtocolError('relay-stopping', 'later'))
    expect((await screen.findByRole('alert')).textContent).toContain(en.errors['relay-stopping'])
  })

  it('leaves the cursor where it is when the address turns out wrong while somebody types on', async () => {
    const accounts = fakeAccounts(null)
    accounts.relayInfo.mockRejectedValue(new RelayUnreachableError('relay-unreachable'))
    show(<SignIn accounts={accounts} />)
    fill('Relay address', '192.168.0.10:4100')
    fireEvent.blur(field('Relay address'))
    field('Username').focus()
    await waitFor(() => expect(noteOf('Relay address')).toContain(en.errors['relay-unreachable']))
    expect(document.activeElement).toBe(field('Username'))
  })

  it.each(['relay-unreachable', 'not-a-relay'] as const)('says %s beside the address', async (code) => {
    const accounts = fakeAccounts(null)
    accounts.relayInfo.mockRejectedValue(new RelayUnreachableError(code))
    accounts.signIn.mockRejectedValue(new RelayUnreachableError(code))
    show(<SignIn accounts={accounts} />)
    fill('Relay address', '192.168.0.10:4100')
    fill('Username', 'jiwoo')
    fill('Password', 'secret')
    submit('Sign in')
    await waitFor(() => expect(noteOf('Relay address')).toContain(en.errors[code]))
  })

  it('shows and hides the password', () => {
    show(<SignIn accounts={fakeAccounts()} />)
    expect(field('Password').type).toBe('password')
    fireEvent.click(screen.getByRole('button', { name: 'Show password' }))
    expect(field('Password').type).toBe('text')
    expect(screen.getByRole('button', { name: 'Hide password' })).toBeTruthy()
  })
})

describe('creating an account', () => {
  it('the first account is asked for the owner code', async () => {
    const accounts = fakeAccounts(relayAnswer({ hasOwner: false }))
    show(<SignIn accounts={accounts} />)
    expect(screen.getByRole('heading', { name: 'Create account' })).toBeTruthy()
    fillSignUp()
    submit('Create account')
    expect(noteOf('Owner code')).toContain(en.signIn.missing.invite)
    fill('Owner code', ' ABCD ')
    accounts.signUp.mockRejectedValue(new ProtocolError('wrong-invite', 'no'))
    submit('Create account')
    await waitFor(() => expect(noteOf('Owner code')).toContain(en.signIn.wrongOwnerCode))
    expect(accounts.signUp).toHaveBeenCalledWith({
      relayUrl: 'http://192.168.0.10:4100',
      username: 'jiwoo',
      password: 'long enough',
      displayName: 'Jiwoo',
      invite: 'ABCD'
    })
  })

  it.each([
    ['username-taken', 'Username'],
    ['wrong-invite', 'Invite code'],
    ['invite-required', 'Invite code']
  ] as const)('says %s beside %s', async (code, label) => {
    const accounts = fakeAccounts()
    accounts.signUp.mockRejectedValue(new ProtocolError(code, 'no'))
    show(<SignIn accounts={accounts} />)
    fireEvent.click(screen.getByRole('button', { name: 'Create an account' }))
    fillSignUp()
    fill('Invite code', 'ABCD')
    submit('Create account')
    await waitFor(() => expect(noteOf(label)).toContain(en.errors[code]))
  })

  it('an open relay asks for no code, and a closed one offers no account', () => {
    const { unmount } = show(<SignIn accounts={fakeAccounts(relayAnswer({ registration: 'open' }))} />)
    fireEvent.click(screen.getByRole('button', { name: 'Create an account' }))
    expect(screen.queryByLabelText(/code/i)).toBeNull()
    unmount()
    show(<SignIn accounts={fakeAccounts(relayAnswer({ registration: 'closed' }))} />)
    expect(screen.queryByRole('button', { name: 'Create an account' })).toBeNull()
  })

  it('asks a relay that was typed in what it wants before it goes on', async () => {
    const accounts = fakeAccounts(null)
    show(<SignIn accounts={accounts} />)
    fireEvent.click(screen.getByRole('button', { name: 'Create an account' }))
    fill('Relay address', 'maru.example.com')
    fillSignUp()
    submit('Create account')
    expect(await screen.findByLabelText('Invite code')).toBeTruthy()
    expect(accounts.relayInfo).toHaveBeenCalledWith('https://maru.example.com')
    expect(accounts.signUp).not.toHaveBeenCalled()
  })

  it('turns to the invite code when somebody else has become the owner meanwhile', async () => {
    const accounts = fakeAccounts(relayAnswer({ hasOwner: false }))
    accounts.signUp.mockRejectedValue(new ProtocolError('wrong-invite', 'no'))
    accounts.relayInfo.mockResolvedValue(relayAnswer({ hasOwner: true }))
    show(<SignIn accounts={accounts} />)
    fillSignUp()
    fill('Owner code', 'ABCD')
    submit('Create account')
    expect(await screen.findByLabelText('Invite code')).toBeTruthy()
  })
})

describe('the words of failures', () => {
  it('each tells something else, in both languages', () => {
    const codes: (ErrorCode | 'relay-unreachable' | 'not-a-relay')[] = [
      'wrong-credentials',
      'username-taken',
      'wrong-invite',
      'invite-required',
      'relay-unreachable',
      'not-a-relay',
      'rate-limited',
      'registration-closed'
    ]
    for (const texts of [ko, en]) expect(new Set(codes.map((code) => texts.errors[code])).size).toBe(codes.length)
  })
})

describe('relayOrigin', () => {
  it.each([
    ['192.168.0.10:4100', false, 'http://192.168.0.10:4100'],
    ['localhost:4100/', false, 'http://localhost:4100'],
    ['nas.local', false, 'http://nas.local'],
    ['maru.example.com', false, 'https://maru.example.com'],
    ['maru.example.com:4100', false, 'http://maru.example.com:4100'],
    [' https://maru.example.com/rooms ', false, 'https://maru.example.com'],
    ['http://maru.example.com', false, 'http://maru.example.com'],
    ['192.168.0.10:4100', true, 'https://192.168.0.10:4100'],
    ['', false, null],
    ['two words', false, null],
    ['ftp://maru.example.com', false, null],
    ['http://', false, null]
  ])('%j on a page over https %s: %s', (text, https, expected) => {
    expect(relayOrigin(text, https)).toBe(expected)
  })
})
