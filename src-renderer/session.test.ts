// Where a session is kept: in a browser's storage, or with its token apart in the shell.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SecretKept } from './platform/bridge.ts'
import { forgetDevice, forgetSession, knownDevice, loadSession, saveSession, startWatchingSession } from './session.ts'
import type { Session, SessionPlace } from './session.ts'

const USER_ID = '01930000-0000-7000-8000-000000000003'
const session: Session = {
  relayUrl: 'http://relay.test',
  relayId: '01930000-0000-7000-8000-000000000001',
  deviceId: '01930000-0000-7000-8000-000000000002',
  token: 's3cret-token',
  user: {
    type: 'user',
    rev: 1,
    id: USER_ID,
    username: 'minji',
    displayName: 'Minji',
    role: 'member',
    createdAt: '2026-11-20T00:00:00.000Z'
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
    stop = startWatchingSession(session, onOther)
    await act(browser)
    change('maru.session')
    expect(onOther).toHaveBeenCalledOnce()
  })

  it('that changes nothing is not, whether the token lies in the storage or not', async () => {
    for (const place of [browser, shell]) {
      await saveSession(place, session)
      stop = startWatchingSession(session, onOther)
      change('maru.session')
      change('something-else')
      stop()
    }
    expect(onOther).not.toHaveBeenCalled()
  })
})
