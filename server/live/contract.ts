// The contract suite of the presence port: every implementation's test calls it. Knows no implementation.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PRESENCE_TTL_MS } from '../../protocol/limits.ts'
import type { PresenceEntries } from './port.ts'

export interface OpenedEntries {
  entries: PresenceEntries
  /** In ms since 1970, as the implementation sees it. */
  now: () => number
  /** Lets so much time pass for it. */
  pass(ms: number): Promise<void>
  dispose(): Promise<void>
}

/** Declares the tests that every implementation has to pass. @param open opens a new, empty one */
export function presenceContract(name: string, open: () => Promise<OpenedEntries>): void {
  describe(`presence contract: ${name}`, () => {
    let opened: OpenedEntries
    let entries: PresenceEntries
    let heard: string[]
    beforeEach(async () => {
      opened = await open()
      entries = opened.entries
      heard = []
      entries.watch((userIds) => heard.push(...userIds))
    })
    afterEach(() => opened.dispose())

    const entry = (userId: string, connectionId: string, active = true) => {
      return { userId, connectionId, deviceId: `device of ${connectionId}`, active }
    }
    const put = (...args: Parameters<typeof entry>) => entries.put(entry(...args))
    const remove = (userId: string, connectionId: string) => entries.remove({ userId, connectionId })
    const seen = async (userId: string) => {
      const found = (await entries.of([userId])).get(userId)
      return { devices: found?.connections.map(({ deviceId }) => deviceId).toSorted(), at: found?.lastSeenMs }
    }

    it('knows the connections of each user, and nothing of who was never there', async () => {
      await put('kim', 'a')
      await put('kim', 'b', false)
      await put('lee', 'c')
      const found = await entries.of(['kim', 'lee', 'park'])
      expect([...found.keys()].toSorted()).toEqual(['kim', 'lee', 'park'])
      expect(found.get('kim')?.connections).toHaveLength(2)
      expect(found.get('kim')?.connections).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ deviceId: 'device of a', active: true }),
          expect.objectContaining({ deviceId: 'device of b', active: false })
        ])
      )
      expect(found.get('park')).toEqual({ connections: [], lastSeenMs: undefined })
      expect(await entries.of([])).toEqual(new Map())
    })

    it('tells who came, changed and ended, not who was put as before', async () => {
      await put('kim', 'a')
      await put('kim', 'a')
      expect(heard).toEqual(['kim'])
      await put('kim', 'a', false)
      expect(heard).toEqual(['kim', 'kim'])
      await remove('kim', 'a')
      expect(heard).toHaveLength(3)
      await remove('kim', 'a')
      await remove('lee', 'never was')
      expect(heard).toHaveLength(3)
    })

    it('[S14.2] a user is there until the last connection ends, and was seen then', async () => {
      await put('kim', 'a')
      await put('kim', 'b')
      await opened.pass(1_000)
      await remove('kim', 'a')
      expect(await seen('kim')).toEqual({ devices: ['device of b'], at: undefined })
      await opened.pass(1_000)
      const ended = opened.now()
      await remove('kim', 'b')
      await opened.pass(PRESENCE_TTL_MS)
      expect(await seen('kim')).toEqual({ devices: [], at: ended })
      await put('kim', 'c')
      expect(await seen('kim')).toEqual({ devices: ['device of c'], at: undefined })
    })

    it('[S14.2] one that is not put again counts for PRESENCE_TTL_MS, not longer; its user was seen when it was', async () => {
      const put1 = opened.now()
      await put('kim', 'dies')
      await put('lee', 'lives')
      await opened.pass(PRESENCE_TTL_MS / 2)
      await put('lee', 'lives')
      heard.length = 0
      await opened.pass(PRESENCE_TTL_MS / 2 - 1)
      expect(await seen('kim')).toEqual({ devices: ['device of dies'], at: undefined })
      await opened.pass(1)
      expect(await seen('kim')).toEqual({ devices: [], at: put1 })
      expect(await seen('lee')).toEqual({ devices: ['device of lives'], at: undefined })
      expect(heard).toEqual(['kim'])
    })

    it('an expired one comes back when it is heard of, and others of its user kept them there', async () => {
      await put('kim', 'sleeps')
      await opened.pass(PRESENCE_TTL_MS - 1)
      await put('kim', 'other')
      await opened.pass(1)
      expect((await seen('kim')).devices).toEqual(['device of other'])
      await put('kim', 'sleeps')
      expect((await seen('kim')).devices).toEqual(['device of other', 'device of sleeps'])
    })

    it('expires many, one after the other, each in its time', async () => {
      for (let nth = 0; nth < 50; nth++) {
        await put(`user ${nth}`, `c${nth}`)
        await opened.pass(100)
      }
      for (let nth = 0; nth < 50; nth += 2) await put(`user ${nth}`, `c${nth}`)
      heard.length = 0
      await opened.pass(PRESENCE_TTL_MS - 100)
      const odd = Array.from({ length: 50 }, (_, nth) => `user ${nth}`).filter((_, nth) => nth % 2 === 1)
      expect(heard.toSorted()).toEqual(odd.toSorted())
      await opened.pass(100)
      expect(new Set(heard).size).toBe(50)
    })

    it('who ends watching hears nothing more', async () => {
      const also: string[] = []
      const unwatch = entries.watch((userIds) => also.push(...userIds))
      await put('kim', 'a')
      unwatch()
      await remove('kim', 'a')
      expect(also).toEqual(['kim'])
      expect(heard).toEqual(['kim', 'kim'])
    })

    it('after the end nothing is told', async () => {
      await put('kim', 'a')
      heard.length = 0
      await entries.close()
      await opened.pass(2 * PRESENCE_TTL_MS)
      expect(heard).toEqual([])
    })
  })
}
