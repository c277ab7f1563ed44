import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RelayUnreachableError } from '../connection/connection.ts'
import { FirstRun } from '../features/first-run/first-run.tsx'
import type { DesktopBridge, FoundRelay, HostState, ShellHost } from '../platform/bridge.ts'
import { hashOfInvite, inviteAppLink } from '../platform/invite-link.ts'
import { en as catalogue } from '../texts/en.ts'
import { hostingTextsEn } from '../texts/hosting-texts.en.ts'
import { fakeAccounts, relayAnswer, show } from './fake-services.tsx'

const en = { ...catalogue, ...hostingTextsEn }

const RELAY = 'https://192.168.0.10:4100'
const [ONE, OTHER] = ['ab'.repeat(32), 'cd'.repeat(32)]
const HOME: FoundRelay = { relayId: 'r1', name: 'Home', url: RELAY, fingerprint: ONE }

/** What happened, in order: whom the relay and the shell were asked. */
let asked: string[]
let pins: Map<string, string>
let tellFound: (found: readonly FoundRelay[]) => void
let tellState: (state: HostState) => void
let stopped: number
const startHost = vi.fn<ShellHost['start']>(async () => {})
const unpin = vi.fn<NonNullable<DesktopBridge['unpin']>>(async () => {})

function withShell(parts: Partial<DesktopBridge> = {}): void {
  const shell = {
    pin: async (url: string, fingerprint: string) => {
      asked.push(`pin ${url}`)
      pins.set(url, fingerprint)
    },
    pinned: async (url: string) => pins.get(url) ?? null,
    unpin,
    findRelays: (told: typeof tellFound) => {
      tellFound = told
      told([])
      return () => void (stopped += 1)
    },
    host: {
      onState: (told: typeof tellState) => {
        tellState = told
        told({ name: 'off' })
        return () => {}
      },
      addresses: async () => [
        { address: '192.168.0.10', interfaceName: 'eth0', isPrivate: true },
        { address: '203.0.113.7', interfaceName: 'eth1', isPrivate: false }
      ],
      chosen: async () => null,
      start: startHost,
      stop: async () => {},
      backup: async () => null
    },
    ...parts
  }
  Object.assign(window, { maruDesktop: shell })
}

beforeEach(() => {
  window.localStorage.clear()
  window.location.hash = ''
  asked = []
  pins = new Map()
  stopped = 0
  vi.clearAllMocks()
  withShell()
})
afterEach(() => void Reflect.deleteProperty(window, 'maruDesktop'))

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { exact: true })
const fill = (label: string, value: string) => fireEvent.change(field(label), { target: { value } })
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))
const submit = (name: string) => {
  const form = screen.getByRole('button', { name }).closest('form')
  if (form) fireEvent.submit(form)
}

/** In the app, which has come from no relay. */
async function begin({ hasOwner = true } = {}) {
  const accounts = fakeAccounts(null)
  accounts.relayInfo.mockImplementation(async (url) => {
    asked.push(`ask ${url}`)
    return relayAnswer({ hasOwner })
  })
  show(<FirstRun accounts={accounts} onSignedUp={() => undefined} />)
  fill(en.signIn.displayName, 'Jiwoo')
  submit(en.firstRun.next)
  return accounts
}

async function waysShown() {
  await screen.findByRole('heading', { name: en.ways.invite })
}

describe('the ways to a relay', () => {
  it('a relay that is found is pinned before it is asked anything, and its fingerprint is shown in groups', async () => {
    await begin()
    await waysShown()
    expect(screen.getByText(en.ways.looking)).toBeTruthy()
    tellFound([HOME])
    fireEvent.click(await screen.findByRole('button', { name: en.ways.choose('Home', '192.168.0.10:4100') }))
    await waitFor(() => expect(asked).toEqual([`pin ${RELAY}`, `ask ${RELAY}`]))
    expect(screen.getByText(en.signIn.relayLine('192.168.0.10:4100'))).toBeTruthy()
    expect(screen.getAllByText('abab')).toHaveLength(16)
    expect(stopped).toBe(1)
    await screen.findByLabelText(en.signIn.inviteCode)
  })

  it('what a network says is cleaned: nothing unseen, nothing that turns the text around it', async () => {
    await begin()
    await waysShown()
    tellFound([
      { ...HOME, name: 'Ho\u202Eme\u0007' },
      { ...HOME, relayId: 'r2', name: '\u200B', url: 'http://10.0.0.3:4100' }
    ])
    expect(await screen.findByRole('button', { name: en.ways.choose('Home', '192.168.0.10:4100') })).toBeTruthy()
    expect(screen.getByRole('button', { name: en.ways.choose('10.0.0.3:4100', '10.0.0.3:4100') })).toBeTruthy()
  })

  it('after a while without any, there is a sentence with the next step', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ['setTimeout', 'clearTimeout'] })
    try {
      await begin()
      await waysShown()
      await act(async () => vi.advanceTimersByTimeAsync(4_000))
      expect(screen.getByText(en.ways.nothingFound)).toBeTruthy()
    } finally {
      vi.useRealTimers()
    }
  })

  it('an invite with a fingerprint is pinned before the relay is asked, and its code is filled in', async () => {
    await begin()
    await waysShown()
    fill(en.signIn.relay, inviteAppLink(RELAY, 'six-words', ONE))
    submit(en.ways.go)
    await waitFor(() => expect(asked).toEqual([`pin ${RELAY}`, `ask ${RELAY}`]))
    expect(await screen.findByLabelText(en.signIn.inviteCode)).toHaveProperty('value', 'six-words')
  })

  it('a link that opened the app leads past them', async () => {
    window.location.hash = hashOfInvite({ relayUrl: RELAY, code: 'six-words', fingerprint: ONE })
    await begin()
    fireEvent.blur(field(en.signIn.relay))
    await waitFor(() => expect(asked).toEqual([`pin ${RELAY}`, `ask ${RELAY}`]))
  })

  it('what is no address is told, and goes nowhere', async () => {
    await begin()
    await waysShown()
    submit(en.ways.go)
    expect(await screen.findByText(en.signIn.missing.relay)).toBeTruthy()
    fill(en.signIn.relay, 'not an address')
    submit(en.ways.go)
    expect(await screen.findByText(en.signIn.badRelay)).toBeTruthy()
    expect(asked).toEqual([])
  })

  it('one can go back and take another', async () => {
    await begin()
    await waysShown()
    tellFound([HOME])
    fireEvent.click(await screen.findByRole('button', { name: /^Home/ }))
    await screen.findByLabelText(en.signIn.inviteCode)
    press(en.firstRun.back)
    await waysShown()
    expect(field(en.signIn.relay).value).toBe('')
  })

  it('in a browser there is one way, and a fingerprint is passed over', async () => {
    Reflect.deleteProperty(window, 'maruDesktop')
    await begin()
    fill(en.signIn.relay, inviteAppLink(RELAY, 'six-words', ONE))
    fireEvent.blur(field(en.signIn.relay))
    await waitFor(() => expect(asked).toEqual([`ask ${RELAY}`]))
    expect(screen.queryByText(en.certificates.own)).toBeNull()
  })
})

describe('host here', () => {
  const on: HostState = {
    name: 'on',
    relayName: 'Home',
    url: RELAY,
    browserUrl: 'http://192.168.0.10:4100',
    fingerprint: ONE,
    relayId: 'r1',
    hasOwner: false,
    ownerCode: 'OWNR-CODE',
    people: 0,
    devices: 0,
    names: [],
    storedBytes: 0,
    announced: true
  }

  async function form() {
    await waysShown()
    press(en.ways.hostHere)
    await screen.findByRole('radio', { name: /192\.168\.0\.10/ })
  }

  it('says who can reach each address, starts, and goes on to the account of its owner with the code', async () => {
    await begin({ hasOwner: false })
    await form()
    expect(screen.getByRole('radio', { name: /192\.168\.0\.10/ }).textContent).toContain(en.hosting.onlyThisNetwork)
    expect(screen.getByRole('radio', { name: /203\.0\.113\.7/ }).textContent).toContain(en.hosting.everybody)
    fill(en.hosting.name, 'Hall')
    submit(en.hosting.start)
    expect(startHost).toHaveBeenCalledExactlyOnceWith({ address: '192.168.0.10', port: 4100, name: 'Hall' })
    tellState(on)
    expect(await screen.findByLabelText(en.signIn.ownerCode)).toHaveProperty('value', 'OWNR-CODE')
    expect(asked).toEqual([`pin ${RELAY}`, `ask ${RELAY}`])
  })

  it('a relay that has an owner already is for signing in', async () => {
    await begin()
    await form()
    const { ownerCode: _, ...owned } = on
    tellState({ ...owned, hasOwner: true })
    expect(await screen.findByRole('button', { name: en.signIn.submit })).toBeTruthy()
  })

  it.each(['80', ''])('%j is no port', async (port) => {
    await begin()
    await form()
    fill(en.hosting.port, port)
    submit(en.hosting.start)
    expect(await screen.findByText(en.hosting.badPort)).toBeTruthy()
    expect(startHost).not.toHaveBeenCalled()
  })

  it('a port that is in use is told, with one that is free', async () => {
    await begin()
    await form()
    tellState({ name: 'failed', problem: 'port-in-use', freePort: 4101 })
    expect(await screen.findByText(en.hosting.problems['port-in-use'])).toBeTruthy()
    press(en.hosting.usePort(4101))
    expect(startHost).toHaveBeenCalledWith(expect.objectContaining({ port: 4101 }))
  })
})

describe('another certificate than the pinned one', () => {
  it('is a hard stop: nothing is asked, and the way past it is no accident', async () => {
    pins.set(RELAY, OTHER)
    await begin()
    await waysShown()
    fill(en.signIn.relay, inviteAppLink(RELAY, 'six-words', ONE))
    submit(en.ways.go)
    expect(await screen.findByText(en.errors['certificate-changed'])).toBeTruthy()
    expect(asked).toEqual([])
    expect(pins.get(RELAY)).toBe(OTHER)
    expect(screen.queryByText(en.certificates.own)).toBeNull()

    press(en.certificates.isNew)
    const dialog = await screen.findByRole('dialog', { name: en.certificates.title })
    expect(within(dialog).getAllByText('cdcd')).toHaveLength(16)
    expect(within(dialog).getAllByText('abab')).toHaveLength(16)
    const forget = within(dialog).getByRole<HTMLButtonElement>('button', { name: en.certificates.forget })
    fireEvent.click(forget)
    expect(unpin).not.toHaveBeenCalled()
    fireEvent.click(within(dialog).getByRole('checkbox', { name: en.certificates.asked }))
    fireEvent.click(forget)
    expect(unpin).toHaveBeenCalledExactlyOnceWith(RELAY, inviteAppLink(RELAY, 'six-words', ONE))
  })

  it('is the same when the relay itself shows it', async () => {
    pins.set(RELAY, ONE)
    const accounts = await begin()
    accounts.relayInfo.mockRejectedValue(new RelayUnreachableError('certificate-changed'))
    await waysShown()
    fill(en.signIn.relay, RELAY)
    submit(en.ways.go)
    expect(await screen.findByText(en.errors['certificate-changed'])).toBeTruthy()
    press(en.certificates.isNew)
    const dialog = await screen.findByRole('dialog', { name: en.certificates.title })
    expect(within(dialog).getByText(en.certificates.notTold)).toBeTruthy()
  })
})
