import { fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProtocolError } from '../../protocol/errors.ts'
import { RelayUnreachableError } from '../connection/connection.ts'
import { relayOrigin } from '../features/first-run/relay-address.ts'
import { FirstRun } from '../features/first-run/first-run.tsx'
import { suggestUsername } from '../features/first-run/suggest-username.ts'
import type { Accounts } from '../services.ts'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import type { ErrorWord } from '../texts/texts.ts'
import { fakeAccounts, relayAnswer, show } from './fake-services.tsx'

const RELAY = en.signIn.relay
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

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const start = (accounts: Accounts, onSignedUp = () => undefined) =>
  show(<FirstRun accounts={accounts} onSignedUp={onSignedUp} />)
const startSignIn = (accounts: Accounts) => {
  const shown = start(accounts)
  press('I already have an account')
  return shown
}

/** The first screen, up to the second. */
function nameOneself(name = 'Jiwoo') {
  fill('Display name', name)
  submit('Continue')
}

function fillSignUp() {
  nameOneself()
  fill('Username', 'jiwoo')
  fill('Password', 'long enough')
}

beforeEach(() => {
  window.localStorage.clear()
  window.location.hash = ''
})
afterEach(() => vi.restoreAllMocks())

describe('signing in', () => {
  it('asks the own relay with what was typed', async () => {
    const accounts = fakeAccounts()
    startSignIn(accounts)
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
    startSignIn(accounts)
    submit('Sign in')
    expect(noteOf('Username')).toContain(en.signIn.missing.username)
    expect(noteOf('Password')).toContain(en.signIn.missing.password)
    expect(document.activeElement).toBe(field('Username'))
    expect(accounts.signIn).not.toHaveBeenCalled()
  })

  it('says a wrong password beside the password, until it is changed', async () => {
    const accounts = fakeAccounts()
    accounts.signIn.mockRejectedValue(new ProtocolError('wrong-credentials', 'no'))
    startSignIn(accounts)
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
    startSignIn(accounts)
    fill('Username', 'jiwoo')
    fill('Password', 'secret')
    submit('Sign in')
    await screen.findByRole('button', { name: en.signIn.submitting })
    submit(en.signIn.submitting)
    expect(accounts.signIn).toHaveBeenCalledTimes(1)
    fail(new ProtocolError('relay-stopping', 'later'))
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain(en.errors['relay-stopping']))
  })

  it('leaves the cursor where it is when the address turns out wrong while somebody types on', async () => {
    const accounts = fakeAccounts(null)
    accounts.relayInfo.mockRejectedValue(new RelayUnreachableError('relay-unreachable'))
    startSignIn(accounts)
    fill(RELAY, '192.168.0.10:4100')
    fireEvent.blur(field(RELAY))
    field('Username').focus()
    await waitFor(() => expect(noteOf(RELAY)).toContain(en.errors['relay-unreachable']))
    expect(document.activeElement).toBe(field('Username'))
  })

  it.each(['relay-unreachable', 'not-a-relay'] as const)('says %s beside the address', async (code) => {
    const accounts = fakeAccounts(null)
    accounts.relayInfo.mockRejectedValue(new RelayUnreachableError(code))
    accounts.signIn.mockRejectedValue(new RelayUnreachableError(code))
    startSignIn(accounts)
    fill(RELAY, '192.168.0.10:4100')
    fill('Username', 'jiwoo')
    fill('Password', 'secret')
    submit('Sign in')
    await waitFor(() => expect(noteOf(RELAY)).toContain(en.errors[code]))
  })

  it('shows and hides the password', () => {
    startSignIn(fakeAccounts())
    expect(field('Password').type).toBe('password')
    fireEvent.click(screen.getByRole('button', { name: 'Show password' }))
    expect(field('Password').type).toBe('text')
    expect(screen.getByRole('button', { name: 'Hide password' })).toBeTruthy()
  })
})

describe('creating an account', () => {
  it('the first account is asked for the owner code', async () => {
    const accounts = fakeAccounts(relayAnswer({ hasOwner: false }))
    start(accounts)
    expect(screen.getByRole('heading', { name: 'Who are you?' })).toBeTruthy()
    fireEvent.click(screen.getByRole('radio', { name: 'Plum' }))
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
      color: 'plum',
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
    start(accounts)
    fillSignUp()
    fill('Invite code', 'ABCD')
    submit('Create account')
    await waitFor(() => expect(noteOf(label)).toContain(en.errors[code]))
  })

  it('an open relay asks for no code, and a closed one offers no account', () => {
    const { unmount } = start(fakeAccounts(relayAnswer({ registration: 'open' })))
    nameOneself()
    expect(screen.queryByLabelText(/code/i)).toBeNull()
    unmount()
    start(fakeAccounts(relayAnswer({ registration: 'closed' })))
    expect(screen.getByRole('heading', { name: 'Sign in' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'I am new here' })).toBeNull()
  })

  it('a name comes first, and makes a username to begin with', () => {
    start(fakeAccounts())
    submit('Continue')
    expect(noteOf('Display name')).toContain(en.signIn.missing.displayName)
    expect(document.activeElement).toBe(field('Display name'))
    nameOneself('김 지우')
    expect(field('Username').value).toBe('김.지우')
    fill('Username', 'jiwoo')
    press('Back')
    nameOneself('Jiwoo Kim')
    expect(field('Username').value).toBe('jiwoo')
  })

  it('tells that an account was made, so that the first room can follow', async () => {
    const signedUp = vi.fn<() => undefined>()
    start(fakeAccounts(relayAnswer({ registration: 'open' })), signedUp)
    fillSignUp()
    submit('Create account')
    await waitFor(() => expect(signedUp).toHaveBeenCalledTimes(1))
  })

  it('takes the address and the code from an invite link, pasted or opened', () => {
    const { unmount } = start(fakeAccounts(null))
    nameOneself()
    fill(RELAY, 'http://nas.local:4100/join/ABCD-EFGH')
    expect(field(RELAY).value).toBe('http://nas.local:4100')
    unmount()
    window.location.hash = '#/join/ABCD-EFGH'
    start(fakeAccounts())
    nameOneself()
    expect(field('Invite code').value).toBe('ABCD-EFGH')
  })

  it('asks a relay that was typed in what it wants before it goes on', async () => {
    const accounts = fakeAccounts(null)
    start(accounts)
    fillSignUp()
    fill(RELAY, 'maru.example.com')
    submit('Create account')
    expect(await screen.findByLabelText('Invite code')).toBeTruthy()
    expect(accounts.relayInfo).toHaveBeenCalledWith('https://maru.example.com')
    expect(accounts.signUp).not.toHaveBeenCalled()
  })

  it('turns to the invite code when somebody else has become the owner meanwhile', async () => {
    const accounts = fakeAccounts(relayAnswer({ hasOwner: false }))
    accounts.signUp.mockRejectedValue(new ProtocolError('wrong-invite', 'no'))
    accounts.relayInfo.mockResolvedValue(relayAnswer({ hasOwner: true }))
    start(accounts)
    fillSignUp()
    fill('Owner code', 'ABCD')
    submit('Create account')
    expect(await screen.findByLabelText('Invite code')).toBeTruthy()
  })
})

describe('a relay that this client cannot use', () => {
  const nobody = (code: ConstructorParameters<typeof RelayUnreachableError>[0]) => {
    const accounts = fakeAccounts(null)
    accounts.relayInfo.mockRejectedValue(new RelayUnreachableError(code))
    return accounts
  }
  const lookUp = () => {
    fillSignUp()
    fill(RELAY, 'nas.local:4100')
    fireEvent.blur(field(RELAY))
  }

  it.each(['name-not-found', 'refused', 'certificate', 'not-a-relay', 'relay-unreachable'] as const)(
    '%s has a sentence of its own beside the address',
    async (code) => {
      start(nobody(code))
      lookUp()
      await waitFor(() => expect(noteOf(RELAY)).toContain(en.errors[code]))
    }
  )

  it.each([
    [3, 'protocol-too-old'],
    [0, 'protocol-too-new']
  ] as const)('speaks version %i: %s', async (protocol, code) => {
    const accounts = fakeAccounts(relayAnswer({ protocol, registration: 'open' }))
    start(accounts)
    fillSignUp()
    submit('Create account')
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain(en.errors[code]))
    expect(accounts.signUp).not.toHaveBeenCalled()
  })

  it('takes a relay of the next version, which still speaks this one', async () => {
    const accounts = fakeAccounts(relayAnswer({ protocol: 2, registration: 'open' }))
    start(accounts)
    fillSignUp()
    submit('Create account')
    await waitFor(() => expect(accounts.signUp).toHaveBeenCalledTimes(1))
  })

  it('without a network the network is to blame, not the address', async () => {
    vi.spyOn(window.navigator, 'onLine', 'get').mockReturnValue(false)
    start(nobody('relay-unreachable'))
    lookUp()
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain(en.errors.offline))
    expect(noteOf(RELAY)).not.toContain(en.errors['relay-unreachable'])
  })
})

describe('coming back', () => {
  it('begins with signing in, as whom and where it was', async () => {
    const { unmount } = startSignIn(fakeAccounts(null))
    fill(RELAY, 'http://nas.local:4100')
    fill('Username', 'jiwoo')
    fill('Password', 'secret')
    submit('Sign in')
    await waitFor(() => expect(window.localStorage.length).toBe(1))
    unmount()
    start(fakeAccounts(null))
    expect(screen.getByRole('heading', { name: 'Sign in' })).toBeTruthy()
    expect([field(RELAY).value, field('Username').value]).toEqual(['http://nas.local:4100', 'jiwoo'])
  })

  it('to another relay is a first run', () => {
    window.localStorage.setItem('maru.last-sign-in', '{"relayUrl":"http://nas.local","username":"jiwoo"}')
    start(fakeAccounts())
    expect(screen.getByRole('heading', { name: 'Who are you?' })).toBeTruthy()
  })
})

describe('suggestUsername', () => {
  it.each([
    ['김지우', '김지우'],
    [' Jiwoo  Kim ', 'jiwoo.kim'],
    ['지우 🌊', '지우'],
    ['!', '']
  ])('of %j: %j', (name, expected) => {
    expect(suggestUsername(name)).toBe(expected)
  })
})

describe('the words of failures', () => {
  it('each tells something else, in both languages', () => {
    const codes: ErrorWord[] = [
      'wrong-credentials',
      'username-taken',
      'wrong-invite',
      'invite-required',
      'relay-unreachable',
      'not-a-relay',
      'name-not-found',
      'refused',
      'certificate',
      'offline',
      'protocol-too-old',
      'protocol-too-new',
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
