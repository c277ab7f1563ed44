// @vitest-environment happy-dom
// Signing up over a link that loses the answer: asked again, the person is in, and nobody else's account opens.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../protocol/values.ts'
import { openAccounts } from './accounts.ts'
import type { DesktopBridge } from './platform/bridge.ts'
import type { Session } from './session.ts'

const relayUrl = 'http://relay.test'
const account = { relayUrl, username: 'anna', password: 'correct horse', displayName: 'Anna' }

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A relay with one account; the answer to the first sign-up is lost, if so wished after it was acted on. */
function relayThat({ acts, password }: { acts: boolean; password: string }): void {
  let tries = 0
  const problem = (status: number, code: string): Response =>
    new Response(JSON.stringify({ type: `urn:maru:error:${code}`, code, message: code }), { status })
  const user = { type: 'user', rev: 1, id: newId(), username: 'anna', displayName: 'Anna', role: 'owner' }
  const session = { user: { ...user, createdAt: '2026-01-01T00:00:00.000Z' }, deviceId: newId(), token: 'token' }
  vi.stubGlobal('fetch', async (url: string, { body }: RequestInit): Promise<Response> => {
    if (url.endsWith('/relay')) {
      const info = { relay: { id: newId(), version: '1' }, protocol: 1, registration: 'open', hasOwner: true }
      return new Response(JSON.stringify(info))
    }
    if (url.endsWith('/accounts')) {
      tries += 1
      if (acts && tries === 1) throw new TypeError('network')
      return problem(409, 'username-taken')
    }
    const given = (JSON.parse(body as string) as { password: string }).password
    return given === password
      ? new Response(JSON.stringify(session), { status: 201 })
      : problem(401, 'wrong-credentials')
  })
}

async function accounts(): Promise<{ signUp: () => Promise<void>; sessions: Session[] }> {
  const sessions: Session[] = []
  const opened = await openAccounts({ from: null, onSignedIn: (session) => sessions.push(session) })
  return { signUp: async () => opened.signUp(account), sessions }
}

test('an account that was made although its answer was lost is signed in to at the next try', async () => {
  relayThat({ acts: true, password: account.password })
  const { signUp, sessions } = await accounts()
  await expect(signUp()).rejects.toMatchObject({ code: 'relay-unreachable' })
  await signUp()
  expect(sessions).toMatchObject([{ token: 'token', user: { username: 'anna' } }])
})

test.each([
  ['the name was taken all along', { acts: false, password: account.password }],
  ['somebody else took it meanwhile', { acts: true, password: 'another one' }]
])('a taken name is said to be taken when %s', async (_, relay) => {
  relayThat(relay)
  const { signUp, sessions } = await accounts()
  if (relay.acts) await signUp().catch(() => {})
  await expect(signUp()).rejects.toMatchObject({ code: 'username-taken' })
  expect(sessions).toEqual([])
})

test('where somebody is signed in already, nobody else is', async () => {
  relayThat({ acts: true, password: account.password })
  const asked: string[] = []
  const sessions: Session[] = []
  const isTaken = (relayId: string): boolean => asked.push(relayId) > 0
  const opened = await openAccounts({ from: null, onSignedIn: (session) => sessions.push(session), isTaken })
  for (const way of [opened.signIn(account), opened.signUp(account)])
    await expect(way).rejects.toMatchObject({ code: 'already-signed-in' })
  expect([asked.length, sessions]).toEqual([2, []])
})

describe('a relay that cannot be reached', () => {
  type Why = DesktopBridge['whyUnreachable']
  const who = { relayUrl, username: 'anna', password: 'correct horse' }

  /** What each way to the relay fails with. */
  async function codes(whyUnreachable?: Why): Promise<unknown[]> {
    const opened = await openAccounts({ from: null, onSignedIn: () => {}, whyUnreachable })
    const ways = [opened.relayInfo(relayUrl), opened.signIn(who), opened.signUp(account)]
    const codeOf = async (way: Promise<unknown>) => way.catch(({ code }: { code: unknown }) => code)
    return Promise.all(ways.map(codeOf))
  }
  const nobodyAnswers = (): void => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')))
  }
  const three = (code: string): string[] => [code, code, code]

  test.each(['name-not-found', 'refused', 'certificate'] as const)(
    'is %s where the shell sees that',
    async (reason) => {
      nobodyAnswers()
      const why = vi.fn<Why>(async () => reason)
      expect(await codes(why)).toEqual(three(reason))
      expect(why.mock.calls).toEqual([[relayUrl], [relayUrl], [relayUrl]])
    }
  )

  test('is no more than that in a browser, and where the shell knows no better or fails itself', async () => {
    nobodyAnswers()
    expect(await codes()).toEqual(three('relay-unreachable'))
    expect(await codes(async () => 'unknown')).toEqual(three('relay-unreachable'))
    expect(await codes(async () => Promise.reject(new Error('no shell')))).toEqual(three('relay-unreachable'))
  })

  test('is not called a wrong name while the device has no network', async () => {
    nobodyAnswers()
    vi.spyOn(window.navigator, 'onLine', 'get').mockReturnValue(false)
    expect(await codes(async () => 'name-not-found')).toEqual(three('relay-unreachable'))
    expect(await codes(async () => 'refused')).toEqual(three('refused'))
  })

  test('is not looked for when somebody answers who is no relay, or refuses', async () => {
    const why = vi.fn<Why>(async () => 'refused')
    vi.stubGlobal('fetch', async () => new Response('<html>'))
    expect(await codes(why)).toEqual(three('not-a-relay'))
    relayThat({ acts: false, password: 'another one' })
    expect(await codes(why)).toMatchObject([{ protocol: 1 }, 'wrong-credentials', 'username-taken'])
    expect(why).not.toHaveBeenCalled()
  })
})
