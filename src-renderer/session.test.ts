// @vitest-environment happy-dom
// Where a session is kept: in a browser's storage, or with its token apart in the shell.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SecretKept } from './platform/bridge.ts'
import { forgetDevice, knownDevice, openSessions, startWatchingSessions, storedSessions } from './session.ts'
import type { Session, SessionPlace } from './session.ts'

const USER_ID = '01930000-0000-7000-8000-000000000003'
const session: Session = {
  relayUrl: 'http://relay.test',
  relayId: '01930000-0000-7000-8000-000000000001',
  deviceId: '01930000-0000-7000-8000-000000000002',
  token: 's3cret-token',
  user: {
    id: USER_ID,
    username: 'minji',
    displayName: 'Minji',
    role: 'member'
  }
}

/** The shell's secret, which may forget by itself. */
class FakeSecret {
  text: string | null = null
  keeps: SecretKept = 'encrypted'
  async load(): Promise<string | null> {
    return this.text
  }
  async save(text: string): Promise<SecretKept> {
    this.text = text
    return this.keeps
  }
  async forget(): Promise<void> {
    this.text = null
  }
  async kept(): Promise<SecretKept> {
    return this.keeps
  }
}

let secret: FakeSecret
let browser: SessionPlace
let shell: SessionPlace

beforeEach(() => {
  window.localStorage.clear()
  secret = new FakeSecret()
  browser = { storage: window.localStorage, secret: null }
  shell = { storage: window.localStorage, secret }
})

/** As a start of the app finds it. */
async function loadSession(place: SessionPlace): Promise<Session | null> {
  const sessions = openSessions(place)
  const front = sessions.front()
  return front && sessions.withToken(front)
}

async function loadAll(place: SessionPlace): Promise<Session[]> {
  const sessions = openSessions(place)
  return Promise.all(sessions.all().map(async (each) => sessions.withToken(each)))
}

const saveSession = async (place: SessionPlace, kept: Session) => openSessions(place).keep(kept)
const forgetSession = async (place: SessionPlace) => openSessions(place).forget(session.relayId)

/** At another relay, added later. */
const other: Session = {
  ...session,
  relayUrl: 'http://other.test',
  relayId: '01930000-0000-7000-8000-000000000011',
  deviceId: '01930000-0000-7000-8000-000000000012',
  token: 'other-token',
  addedAt: 5
}
const third: Session = { ...other, relayUrl: 'http://third.test', relayId: 'third', token: 'third-token', addedAt: 9 }

function stored(): string {
  const { localStorage } = window
  const texts = Array.from({ length: localStorage.length }, (_, at) => localStorage.getItem(localStorage.key(at) ?? ''))
  return texts.join('\n')
}

describe('in a browser', () => {
  it('a session outlives the page in the storage', async () => {
    expect(await loadSession(browser)).toBeNull()
    expect(await saveSession(browser, session)).toBeNull()
    expect(await loadSession(browser)).toEqual(session)
    expect(stored()).toContain(session.token)
  })

  it('[S2.7] forgetting takes the token away and leaves the device known', async () => {
    await saveSession(browser, session)
    await forgetSession(browser)
    expect(await loadSession(browser)).toBeNull()
    expect(stored()).not.toContain(session.token)
    expect(knownDevice(window.localStorage, session.relayId, 'minji')).toBe(session.deviceId)
  })

  it('[S2] who deletes everything here is another device the next time, others are not', async () => {
    await saveSession(browser, { ...session, user: { ...session.user, username: 'joon' } })
    await saveSession(browser, session)
    forgetDevice(window.localStorage, session.relayId, 'minji')
    expect(knownDevice(window.localStorage, session.relayId, 'minji')).toBeUndefined()
    expect(knownDevice(window.localStorage, session.relayId, 'joon')).toBe(session.deviceId)
  })

  it('what another version has written stays, and what it does not know keeps nobody out', async () => {
    const user = { ...session.user, avatar: 'a hash', color: 'ultraviolet', role: 'gardener' }
    browser.storage.setItem('maru.session', JSON.stringify({ ...session, user }))
    const sessions = openSessions(browser)
    expect(sessions.front()?.user).toEqual({ ...session.user, avatar: 'a hash', color: undefined, role: 'member' })
    await sessions.keep({ ...session, ...sessions.front(), token: 'another' })
    expect(JSON.parse(browser.storage.getItem('maru.session') ?? '')).toMatchObject({ user: { avatar: 'a hash' } })
  })

  it('what cannot be read is no session', async () => {
    for (const text of ['', '{', '{"token":1}']) {
      window.localStorage.setItem('maru.session', text)
      expect(await loadSession(browser)).toBeNull()
    }
  })
})

describe('in the desktop shell', () => {
  it('the token lies in the secret and nowhere else, and it is told how that is kept', async () => {
    expect(await saveSession(shell, session)).toBe('encrypted')
    expect(stored()).not.toContain(session.token)
    expect(secret.text).toContain(session.token)
    expect(await loadSession(shell)).toEqual(session)
    secret.keeps = 'this-run-only'
    expect(await saveSession(shell, session)).toBe('this-run-only')
  })

  it('without its token a session still says whose device this is', async () => {
    await saveSession(shell, session)
    for (const text of [null, '', '{', '{"token":"x"}']) {
      secret.text = text
      expect(await loadSession(shell)).toEqual({ ...session, token: '' })
    }
  })

  it('a token of another relay, account or device is never used', async () => {
    await saveSession(shell, session)
    const others: Partial<Session>[] = [
      { relayUrl: 'http://other.test' },
      { relayId: '01930000-0000-7000-8000-000000000009' },
      { deviceId: '01930000-0000-7000-8000-000000000009' }
    ]
    for (const other of others) {
      secret.text = JSON.stringify({ ...session, ...other })
      expect((await loadSession(shell))?.token).toBe('')
    }
  })

  it('forgetting takes the secret away too', async () => {
    await saveSession(shell, session)
    await forgetSession(shell)
    expect([await loadSession(shell), secret.text]).toEqual([null, null])
  })

  it('a secret that could not be saved is told, and the rest is kept', async () => {
    vi.spyOn(secret, 'save').mockRejectedValue(new Error('disk full'))
    await expect(saveSession(shell, session)).rejects.toThrow('disk full')
    expect(await loadSession(shell)).toEqual({ ...session, token: '' })
  })
})

describe('at several relays', () => {
  it('all are kept in the order in which they were added, and the one in front stays where it is', async () => {
    const sessions = openSessions(shell)
    await Promise.all([session, other, third].map(async (each) => sessions.keep(each)))
    sessions.bringToFront(other.relayId)
    const again = openSessions(shell)
    expect(again.all().map(({ relayUrl }) => relayUrl)).toEqual([session, other, third].map(({ relayUrl }) => relayUrl))
    expect(again.front()?.relayId).toBe(other.relayId)
    expect(await loadAll(shell)).toEqual([session, other, third])
    expect(stored()).not.toContain('token')
  })

  it('who was signed in at one before there could be several still is, with the token', async () => {
    const { token, ...rest } = session
    window.localStorage.setItem('maru.session', JSON.stringify(rest))
    const { relayUrl, relayId, deviceId } = session
    secret.text = JSON.stringify({ relayUrl, relayId, deviceId, token })
    expect(await loadAll(shell)).toEqual([session])
    await openSessions(shell).keep(other)
    expect(await loadAll(shell)).toEqual([session, other])
  })

  it('at one there is nothing more in the storage than there ever was', async () => {
    const sessions = openSessions(shell)
    await sessions.keep(session)
    await sessions.keep(other)
    expect(window.localStorage.getItem('maru.other-sessions')).not.toBeNull()
    await sessions.forget(other.relayId)
    expect(window.localStorage.getItem('maru.other-sessions')).toBeNull()
  })

  it('signing out of one leaves the others, the token of that one alone goes, and the next one is in front', async () => {
    const sessions = openSessions(shell)
    for (const each of [session, other, third]) await sessions.keep(each)
    sessions.bringToFront(other.relayId)
    await sessions.forget(other.relayId)
    expect(sessions.front()?.relayId).toBe(third.relayId)
    expect(await loadAll(shell)).toEqual([session, third])
    expect(secret.text).not.toContain(other.token)
    await sessions.forget(third.relayId)
    expect(sessions.front()?.relayId).toBe(session.relayId)
    await sessions.forget(session.relayId)
    expect([sessions.front(), secret.text]).toEqual([null, null])
    expect(knownDevice(window.localStorage, other.relayId, 'minji')).toBe(other.deviceId)
  })

  it('signing in again, or as another device, takes the place of that one alone', async () => {
    const sessions = openSessions(shell)
    for (const each of [session, other, third]) await sessions.keep(each)
    const { addedAt: _, ...again } = { ...other, deviceId: 'new-device', token: 'new-token' }
    await sessions.keep(again)
    expect(sessions.front()?.relayId).toBe(session.relayId)
    expect(await loadAll(shell)).toEqual([session, { ...again, addedAt: 5 }, third])
    expect(secret.text).not.toContain(other.token)
  })

  it('one that is broken takes no other one along', async () => {
    const sessions = openSessions(shell)
    for (const each of [session, other, third]) await sessions.keep(each)
    const others = JSON.parse(window.localStorage.getItem('maru.other-sessions') ?? '') as unknown[]
    window.localStorage.setItem('maru.other-sessions', JSON.stringify([{ relayUrl: 1 }, ...others.slice(1)]))
    expect(await loadAll(shell)).toEqual([session, third])
    window.localStorage.setItem('maru.session', '{')
    expect(openSessions(shell).front()?.relayId).toBe(third.relayId)
    window.localStorage.setItem('maru.other-sessions', '{')
    expect(openSessions(shell).all()).toEqual([])
  })

  it('a token that is broken, or of another device, takes no other one along', async () => {
    for (const each of [session, other]) await openSessions(shell).keep(each)
    const { tokens } = JSON.parse(secret.text ?? '') as { tokens: object[] }
    secret.text = JSON.stringify({ tokens: [{ ...tokens[0], token: 1 }, tokens[1]] })
    expect(await loadAll(shell)).toEqual([{ ...session, token: '' }, other])
    secret.text = JSON.stringify({ tokens: [{ ...tokens[0], deviceId: 'another' }, tokens[1]] })
    expect(await loadAll(shell)).toEqual([{ ...session, token: '' }, other])
    // A relay that asks to sign in again does so alone.
    await openSessions(shell).keep(session)
    expect(await loadAll(shell)).toEqual([session, other])
  })

  it('the one in front is as it stands in front, wherever else it may stand still', async () => {
    for (const each of [session, other]) await openSessions(shell).keep(each)
    const stale = JSON.stringify([{ ...session, deviceId: 'before' }, other])
    window.localStorage.setItem('maru.other-sessions', stale)
    expect(storedSessions(window.localStorage).all.map(({ deviceId }) => deviceId)).toEqual([
      session.deviceId,
      other.deviceId
    ])
  })

  it('is one each after a kill between two writes, whichever', async () => {
    for (const each of [session, other, third]) await openSessions(shell).keep(each)
    const kept = new Map(['maru.session', 'maru.other-sessions'].map((key) => [key, localStorage.getItem(key) ?? '']))
    const dying = new Map(kept)
    const states: Map<string, string>[] = []
    const storage = {
      getItem: (key: string) => dying.get(key) ?? null,
      setItem(key: string, text: string) {
        dying.set(key, text)
        states.push(new Map(dying))
      },
      removeItem: (key: string) => void dying.delete(key)
    }
    openSessions({ storage, secret }).bringToFront(third.relayId)
    expect(states.length).toBeGreaterThan(1)
    for (const state of states) {
      const { all } = storedSessions({ ...storage, getItem: (key) => state.get(key) ?? null })
      expect(all.map(({ relayId }) => relayId)).toEqual([session, other, third].map(({ relayId }) => relayId))
    }
  })
})

describe('another window', () => {
  const onOther = vi.fn<() => void>()
  let stop = (): void => {}
  afterEach(() => {
    stop()
    onOther.mockClear()
  })

  const change = (key: string | null): void => void window.dispatchEvent(new StorageEvent('storage', { key }))

  it.each([
    ['signs out', async (place: SessionPlace) => forgetSession(place)],
    ['is another device', async (place: SessionPlace) => saveSession(place, { ...session, deviceId: 'other' })],
    ['renews the session', async (place: SessionPlace) => saveSession(place, { ...session, token: 'other' })]
  ])('that %s is noticed', async (_what, act) => {
    await saveSession(browser, session)
    stop = startWatchingSessions(() => [session], onOther)
    await act(browser)
    change('maru.session')
    expect(onOther).toHaveBeenCalledOnce()
  })

  it('that changes nothing is not, whether the token lies in the storage or not', async () => {
    for (const place of [browser, shell]) {
      await saveSession(place, session)
      stop = startWatchingSessions(() => [session], onOther)
      change('maru.session')
      change('something-else')
      stop()
    }
    expect(onOther).not.toHaveBeenCalled()
  })

  it('that brings another relay to its front changes nothing here; one that leaves a relay does', async () => {
    const sessions = openSessions(shell)
    for (const each of [session, other]) await sessions.keep(each)
    stop = startWatchingSessions(() => [session, other], onOther)
    sessions.bringToFront(other.relayId)
    for (const key of ['maru.session', 'maru.other-sessions']) change(key)
    expect(onOther).not.toHaveBeenCalled()
    await sessions.forget(session.relayId)
    change('maru.other-sessions')
    expect(onOther).toHaveBeenCalledOnce()
  })
})
