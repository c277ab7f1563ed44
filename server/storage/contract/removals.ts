// The contract of what is removed again: accounts, devices, invites. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { userStream } from '../../../protocol/streams.ts'
import type { Account, Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { ALICE, device, invite, ROOM, uuid } from './fixtures.ts'

const BOB = uuid('user', 2)
const STREAMS = ['users', userStream(ALICE), userStream(BOB)] as const

export function removalsContract(open: Open): void {
  describe('removals', () => {
    let opened: Opened
    let storage: Storage
    const nowAndLater = async (check: () => Promise<void>) => {
      await check()
      storage = await opened.reopen()
      await check()
    }
    const alice: Account = { userId: ALICE, username: 'alice', passwordHash: 'hash' }

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it('[S11.9] remove an account, whose name is free again, also in the same commit', async () => {
      await storage.commit(STREAMS, async (draft) => {
        await draft.put('users', fixtures.userRecord(ALICE, 'alice'))
        draft.putAccount(alice)
      })
      await storage.commit(STREAMS, async (draft) => {
        draft.removeAccount(ALICE)
        expect(await draft.account('alice')).toBeUndefined()
        expect(await draft.accountOf(ALICE)).toBeUndefined()
        draft.putAccount({ ...alice, userId: BOB })
        expect((await draft.account('alice'))?.userId).toBe(BOB)
        expect((await storage.account('alice'))?.userId).toBe(ALICE)
      })
      await nowAndLater(async () => {
        expect(await storage.account('alice')).toEqual({ ...alice, userId: BOB })
        expect(await storage.accountOf(ALICE)).toBeUndefined()
        expect((await storage.user(ALICE))?.username).toBe('alice')
      })
    })

    it('keep an account that was put again, with what was put', async () => {
      const reset = { codeHash: 'r', expiresAt: fixtures.TIME, madeBy: uuid('user', 9) }
      const disabled: Account = { ...alice, disabledAt: fixtures.TIME, reset }
      await storage.commit(STREAMS, async (draft) => draft.putAccount(alice))
      await storage.commit(STREAMS, async (draft) => {
        draft.removeAccount(ALICE)
        draft.putAccount(disabled)
        expect(await draft.account('alice')).toEqual(disabled)
      })
      await nowAndLater(async () => {
        expect(await storage.account('alice')).toEqual(disabled)
        expect(await storage.accountOf(ALICE)).toEqual(disabled)
      })
    })

    it('remove a device with its token and its answers; one of the same id is another one', async () => {
      const id = uuid('device', 1)
      await storage.commit(STREAMS, async (draft) => {
        for (const n of [1, 2]) draft.putDevice(device(n, { answered: 3, settled: 3 }))
      })
      await storage.commit(STREAMS, async (draft) => {
        draft.removeDevice(id)
        expect(await draft.device(id)).toBeUndefined()
        expect(await draft.deviceByToken('hash 1')).toBeUndefined()
        expect((await draft.devicesOf(ALICE)).map((one) => one.id)).toEqual([uuid('device', 2)])
        expect(await storage.device(id)).toBeDefined()
      })
      await nowAndLater(async () => {
        expect(await storage.device(id)).toBeUndefined()
        expect(await storage.deviceByToken('hash 1')).toBeUndefined()
        expect((await storage.devicesOf(ALICE)).map((one) => one.id)).toEqual([uuid('device', 2)])
      })
      await storage.commit(STREAMS, async (draft) => draft.putDevice(device(1, { userId: BOB })))
      await nowAndLater(async () => {
        expect(await storage.device(id)).toEqual(device(1, { userId: BOB }))
        expect((await storage.deviceByToken('hash 1'))?.userId).toBe(BOB)
        expect((await storage.devicesOf(ALICE)).map((one) => one.id)).toEqual([uuid('device', 2)])
      })
    })

    it('let a device come to another user as a whole', async () => {
      await storage.commit(STREAMS, async (draft) => draft.putDevice(device(1)))
      await storage.commit(STREAMS, async (draft) => {
        draft.putDevice(device(1, { userId: BOB, tokenHash: 'new' }))
        expect(await draft.devicesOf(ALICE)).toEqual([])
      })
      await nowAndLater(async () => {
        expect(await storage.devicesOf(ALICE)).toEqual([])
        expect(await storage.devicesOf(BOB)).toEqual([device(1, { userId: BOB, tokenHash: 'new' })])
        expect(await storage.deviceByToken('hash 1')).toBeUndefined()
      })
    })

    it('remove an invite; the others are listed in the order in which they were made', async () => {
      const at = (minute: number) => `2026-11-20T12:0${minute}:00.000Z`
      const invites = [3, 1, 2].map((n) => invite(n, { createdAt: at(n), roomIds: [ROOM], createdBy: ALICE }))
      await storage.commit(STREAMS, async (draft) => invites.forEach((one) => draft.putInvite(one)))
      await storage.commit(STREAMS, async (draft) => {
        draft.removeInvite('code 1')
        draft.putInvite(invite(4, { createdAt: at(0) }))
        expect(await draft.invite('code 1')).toBeUndefined()
        expect((await draft.invites()).map(({ codeHash }) => codeHash)).toEqual(['code 4', 'code 2', 'code 3'])
      })
      await nowAndLater(async () => {
        expect(await storage.invite('code 1')).toBeUndefined()
        expect(await storage.invites()).toEqual([invite(4, { createdAt: at(0) }), invites[2], invites[0]])
      })
    })

    it('of what is not there change nothing', async () => {
      await storage.commit(STREAMS, async (draft) => {
        draft.removeAccount(ALICE)
        draft.removeDevice(uuid('device', 1))
        draft.removeInvite('code 1')
        draft.putAvatar(ALICE, null)
        draft.putDevice(device(2))
        draft.removeDevice(uuid('device', 2))
      })
      await nowAndLater(async () => {
        expect(await storage.device(uuid('device', 2))).toBeUndefined()
        expect(await storage.invites()).toEqual([])
        expect((await storage.usage()).users).toBe(0)
      })
    })

    it('[S1] of a commit that fails remove nothing', async () => {
      await storage.commit(STREAMS, async (draft) => {
        draft.putAccount(alice)
        draft.putDevice(device(1))
        draft.putInvite(invite(1))
      })
      const failing = storage.commit(STREAMS, async (draft) => {
        draft.removeAccount(ALICE)
        draft.removeDevice(uuid('device', 1))
        draft.removeInvite('code 1')
        throw new Error('on purpose')
      })
      await expect(failing).rejects.toThrow('on purpose')
      await nowAndLater(async () => {
        expect(await storage.account('alice')).toEqual(alice)
        expect(await storage.deviceByToken('hash 1')).toEqual(device(1))
        expect(await storage.invite('code 1')).toEqual(invite(1))
      })
    })
  })
}
