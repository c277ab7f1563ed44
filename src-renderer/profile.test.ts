// @vitest-environment happy-dom
// Signing out of one profile: what it stores, and what the relay hears of it.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../protocol/values.ts'
import { openProfile } from './profile.ts'

describe('signing out', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  /** Somebody who is signed in to a relay of which only what is asked by REST is known. */
  const signedIn = async () => {
    // The simulated browser has null, which no browser has.
    vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as never)
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: unknown, { method = 'GET' }: RequestInit = {}) => {
      asked.push(`${method} ${String(url)}`)
      return new Response(null, { status: 204 })
    })
    const relayUrl = 'http://127.0.0.1:9'
    const [deviceId, user] = [newId(), { id: newId(), username: 'mina' }]
    const items = new Map<string, string>()
    const kept = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, text: string) => void items.set(key, text),
      removeItem: (key: string) => void items.delete(key)
    }
    const problems: unknown[] = []
    const session = { relayUrl, relayId: newId(), deviceId, token: 'token', user } as never
    const profile = await openProfile(session, {
      kept,
      sessionKept: async () => null,
      onRenewed: () => {},
      onSignedOut: () => {},
      onProblem: (problem) => problems.push(problem)
    })
    return {
      profile,
      asked,
      problems,
      items,
      ending: `DELETE ${relayUrl}/api/v1/sessions/${deviceId}`
    }
  }

  it('ends the session at the relay also when something cannot be deleted, which is told and noted', async () => {
    const { profile, asked, problems, items, ending } = await signedIn()
    vi.spyOn(indexedDB, 'deleteDatabase').mockImplementation(() => {
      throw new Error('could not delete')
    })
    await expect(profile.services.signOut({ wipe: true })).rejects.toThrow('could not delete')
    await expect.poll(() => asked).toContain(ending)
    expect(problems).toContainEqual(expect.objectContaining({ message: 'could not delete' }))
    expect(items.has('maru.wipes')).toBe(true)
  })
})
