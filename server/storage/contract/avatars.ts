// The contract of pictures: bytes of their own, in the same commits as all the rest. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_AVATAR_BYTES } from '../../../protocol/limits.ts'
import type { Storage } from '../port.ts'
import type { Open, Opened } from './fixtures.ts'
import { ALICE, ROOM, ROOM_STREAM, roomRecord } from './fixtures.ts'
import { picture } from './pictures.ts'

export function avatarsContract(open: Open): void {
  describe('avatars', () => {
    let opened: Opened
    let storage: Storage
    const nowAndLater = async (check: () => Promise<void>) => {
      await check()
      storage = await opened.reopen()
      await check()
    }
    const read = async (ownerId: string) => {
      const found = await storage.avatar(ownerId)
      return found && { hash: found.hash, png: Buffer.from(found.png) }
    }

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it('are there byte by byte, of users and rooms, from the smallest to the largest', async () => {
      const [small, large] = [picture(1, 67), picture(2, MAX_AVATAR_BYTES)]
      await storage.commit([ROOM_STREAM], async (draft) => {
        draft.putAvatar(ALICE, small)
        await draft.put(ROOM_STREAM, { ...roomRecord(ROOM), avatar: large.hash })
        draft.putAvatar(ROOM, large)
        expect(await draft.avatar(ALICE)).toEqual({ ownerId: ALICE, ...small })
        expect(await storage.avatar(ALICE)).toBeUndefined()
      })
      await nowAndLater(async () => {
        expect(await read(ALICE)).toEqual(small)
        expect(await read(ROOM)).toEqual(large)
        expect((await storage.room(ROOM))?.avatar).toBe(large.hash)
        expect((await storage.avatar(ROOM))?.ownerId).toBe(ROOM)
      })
    })

    it('are replaced and taken away', async () => {
      for (const each of [picture(1), picture(2), picture(3)])
        await storage.commit([], async (draft) => {
          draft.putAvatar(ALICE, picture(9))
          draft.putAvatar(ALICE, each)
          draft.putAvatar(ROOM, each)
        })
      await nowAndLater(async () => expect(await read(ALICE)).toEqual(picture(3)))
      await storage.commit([], async (draft) => {
        draft.putAvatar(ALICE, null)
        expect(await draft.avatar(ALICE)).toBeUndefined()
        expect(await read(ALICE)).toEqual(picture(3))
      })
      await nowAndLater(async () => {
        expect(await storage.avatar(ALICE)).toBeUndefined()
        expect(await read(ROOM)).toEqual(picture(3))
      })
      await storage.commit([], async (draft) => draft.putAvatar(ALICE, picture(4)))
      await nowAndLater(async () => expect(await read(ALICE)).toEqual(picture(4)))
    })

    it('[S1] of a commit that fails are not there', async () => {
      const failing = storage.commit([], async (draft) => {
        draft.putAvatar(ALICE, picture(1))
        throw new Error('on purpose')
      })
      await expect(failing).rejects.toThrow('on purpose')
      expect(await storage.avatar(ALICE)).toBeUndefined()
    })

    it('of who is no id are none', async () => {
      for (const ownerId of ['', 'nobody', '../../etc/passwd', ALICE])
        expect(await storage.avatar(ownerId)).toBeUndefined()
    })
  })
}
