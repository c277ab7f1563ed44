// What people leave on the disk: pictures as files, and what is removed gone from all of them; also after crashes and damage.
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readsStream, userStream } from '../../../protocol/streams.ts'
import { silentLog } from '../../log.ts'
import * as fixtures from '../contract/fixtures.ts'
import { ALICE, device, invite, ROOM, ROOM_STREAM, TIME, uuid } from '../contract/fixtures.ts'
import { picture } from '../contract/pictures.ts'
import { dataFiles } from './data-files.ts'
import { nodeFiles } from './files.ts'
import type { LowdbStorage } from './lowdb-storage.ts'
import { TestDirectory } from './testing/directory.ts'
import { watchedFiles } from './testing/watched-files.ts'

const SECRETS = { passwordHash: 'scrypt$secret-of-alice', tokenHash: 'token-of-alice', resetHash: 'reset-of-alice' }
const FACE = picture(1, 3_000)

let directory: TestDirectory
beforeEach(async () => {
  directory = await TestDirectory.make()
})
afterEach(() => directory.dispose())

const at = (...path: string[]) => join(directory.path, ...path)

async function makeAlice(storage: LowdbStorage): Promise<void> {
  await storage.commit(['users'], async (draft) => {
    await draft.put('users', { ...fixtures.userRecord(ALICE, 'alice'), avatar: FACE.hash })
    const reset = { codeHash: SECRETS.resetHash, expiresAt: TIME }
    draft.putAccount({ userId: ALICE, username: 'alice', passwordHash: SECRETS.passwordHash, reset })
    draft.putDevice(device(1, { tokenHash: SECRETS.tokenHash }))
    draft.putAvatar(ALICE, FACE)
    draft.putInvite(invite(1))
  })
}

async function removeAlice(storage: LowdbStorage): Promise<void> {
  await storage.commit(['users'], async (draft) => {
    await draft.put('users', { ...fixtures.userRecord(ALICE, ''), deletedAt: TIME })
    draft.removeAccount(ALICE)
    draft.removeDevice(uuid('device', 1))
    draft.putAvatar(ALICE, null)
    draft.removeInvite('code 1')
  })
}

/** Which of the secrets, and of the picture, any file of the directory still has. */
async function leftIn(dataDir: string): Promise<string[]> {
  const found = new Set<string>()
  const words = { ...SECRETS, picture: Buffer.from(FACE.png).toString('base64').slice(0, 200), invite: 'code 1' }
  for await (const { path, kind } of dataFiles(nodeFiles, dataDir)) {
    if (kind === 'lock') continue
    const content = await readFile(join(dataDir, path), 'utf8')
    for (const [name, word] of Object.entries(words)) if (content.includes(word)) found.add(name)
  }
  return [...found].toSorted()
}

const ALL_LEFT = ['invite', 'passwordHash', 'picture', 'resetHash', 'tokenHash']

describe('[S11.9] a deleted account', () => {
  it('leaves nothing of its password, its devices and its picture in any file once documents are written', async () => {
    const storage = await directory.open()
    await makeAlice(storage)
    await storage.writeBack()
    expect(await leftIn(directory.path)).toEqual(ALL_LEFT)
    await removeAlice(storage)
    expect(await leftIn(directory.path)).toEqual(ALL_LEFT)
    await storage.writeBack()
    expect(await leftIn(directory.path)).toEqual([])
    expect(await readdir(at('avatars'))).toEqual([])
  })

  it('that was never in a document leaves nothing either', async () => {
    const storage = await directory.open()
    await makeAlice(storage)
    await removeAlice(storage)
    await storage.writeBack()
    expect(await leftIn(directory.path)).toEqual([])
  })

  it('[S1] stays deleted after a crash in any moment, although documents still have it', async () => {
    const crashes: string[] = []
    let isRemoved = false
    const storage = await directory.open({
      files: watchedFiles(() => {
        if (isRemoved) crashes.push(directory.crash())
      })
    })
    await makeAlice(storage)
    await storage.writeBack()
    await removeAlice(storage)
    isRemoved = true
    await storage.writeBack()
    isRemoved = false
    expect(crashes.length).toBeGreaterThan(10)
    for (const dataDir of crashes) {
      const survivor = await directory.open({ dataDir })
      expect(await survivor.account('alice')).toBeUndefined()
      expect(await survivor.device(uuid('device', 1))).toBeUndefined()
      expect(await survivor.deviceByToken(SECRETS.tokenHash)).toBeUndefined()
      expect(await survivor.avatar(ALICE)).toBeUndefined()
      expect(await survivor.invites()).toEqual([])
      await survivor.close()
      expect(await leftIn(dataDir)).toEqual([])
    }
  }, 60_000)

  it.each([0, 2])('frees its name and device for another, whichever of their files is newer (user %d)', async (n) => {
    const other = uuid('user', n)
    const storage = await directory.open()
    await makeAlice(storage)
    await storage.writeBack()
    await removeAlice(storage)
    await storage.commit(['users'], async (draft) => {
      await draft.put('users', fixtures.userRecord(other, 'alice'))
      draft.putAccount({ userId: other, username: 'alice', passwordHash: 'another' })
      draft.putDevice(device(1, { userId: other, tokenHash: 'another token' }))
    })
    const before = directory.crash()
    await storage.close()
    // As if the write-back had got as far as one of the two, or both.
    for (const written of [[], [ALICE], [other], [ALICE, other]]) {
      const dataDir = directory.crash(before)
      for (const id of written) await cp(at('users', `${id}.json`), join(dataDir, 'users', `${id}.json`))
      const survivor = await directory.open({ dataDir })
      expect((await survivor.account('alice'))?.userId).toBe(other)
      expect(await survivor.devicesOf(ALICE)).toEqual([])
      expect((await survivor.device(uuid('device', 1)))?.userId).toBe(other)
      expect((await survivor.deviceByToken('another token'))?.userId).toBe(other)
      expect(await survivor.deviceByToken(SECRETS.tokenHash)).toBeUndefined()
    }
  })
})

describe('a picture', () => {
  it('is a file, which memory lets go of, and is there while that is written', async () => {
    let seen = 0
    let storage: LowdbStorage | undefined
    const looks: Promise<void>[] = []
    storage = await directory.open({
      files: watchedFiles((operation, path) => {
        if (operation !== 'rename' || !path.includes('avatars') || !storage) return
        seen += 1
        looks.push(storage.avatar(ALICE).then((avatar) => expect(avatar?.hash).toBe(FACE.hash)))
      })
    })
    await makeAlice(storage)
    await storage.writeBack()
    await Promise.all(looks)
    expect(seen).toBe(1)
    expect(await readdir(at('avatars'))).toEqual([`${ALICE}.json`])
    await rm(at('avatars', `${ALICE}.json`))
    expect(await storage.avatar(ALICE)).toBeUndefined()
  })

  it('that changes while it is written is written again', async () => {
    let storage: LowdbStorage | undefined
    let committing: Promise<unknown> | undefined
    storage = await directory.open({
      files: watchedFiles((operation, path) => {
        if (operation !== 'datasync' || !path.includes('avatars') || committing) return
        committing = storage?.commit([], async (draft) => draft.putAvatar(ALICE, picture(2)))
      })
    })
    await makeAlice(storage)
    await storage.writeBack()
    await committing
    expect((await storage.avatar(ALICE))?.hash).toBe(picture(2).hash)
    await storage.close()
    expect((await (await directory.open()).avatar(ALICE))?.hash).toBe(picture(2).hash)
  })

  it('that was torn costs nothing but itself, is named once, and can be set again', async () => {
    const errors: string[] = []
    const log = { ...silentLog, error: (text: string) => void errors.push(text) }
    const first = await directory.open()
    await makeAlice(first)
    await first.close()
    const path = at('avatars', `${ALICE}.json`)
    await truncate(path, 1_000)
    const storage = await directory.open({ log })
    for (let look = 0; look < 3; look++) expect(await storage.avatar(ALICE)).toBeUndefined()
    expect(errors).toEqual([expect.stringMatching(/avatars\/.*\.json: has 1000 bytes.*is not shown/)])
    expect((await storage.account('alice'))?.userId).toBe(ALICE)
    await storage.commit([], async (draft) => draft.putAvatar(ALICE, FACE))
    await storage.writeBack()
    expect((await storage.avatar(ALICE))?.hash).toBe(FACE.hash)
  })

  it('that cannot be written stays in the journal and in memory', async () => {
    let full = true
    const storage = await directory.open({
      files: watchedFiles((operation, path) => {
        if (full && operation === 'rename' && path.includes('avatars')) throw new Error('ENOSPC')
      })
    })
    await makeAlice(storage)
    await expect(storage.writeBack()).rejects.toThrow('ENOSPC')
    expect((await storage.avatar(ALICE))?.hash).toBe(FACE.hash)
    expect((await (await directory.open({ dataDir: directory.crash() })).avatar(ALICE))?.hash).toBe(FACE.hash)
    full = false
    await storage.writeBack()
    expect(directory.journal()).toHaveLength(1)
  })
})

describe('a start', () => {
  it('names invites and read marks that somebody deleted, and does not take them for none', async () => {
    const storage = await directory.open()
    await makeAlice(storage)
    const reads = readsStream(ROOM)
    await storage.commit([ROOM_STREAM, userStream(ALICE), reads], async (draft) => {
      await draft.put(ROOM_STREAM, fixtures.roomRecord(ROOM))
      const membership = { type: 'membership', roomId: ROOM, state: 'joined', changedAt: TIME, readSeq: 1 } as const
      await draft.put(userStream(ALICE), membership)
      await draft.put(reads, { type: 'read', roomId: ROOM, userId: ALICE, seq: 1 })
    })
    await storage.close()
    for (const path of [at('invites.json'), at('rooms', ROOM, 'reads.json')]) {
      const whole = await readFile(path)
      await rm(path)
      await expect(directory.open()).rejects.toThrow(`${path}: is missing`)
      await writeFile(path, whole)
    }
    const again = await directory.open()
    expect(await again.invites()).toHaveLength(1)
    expect(await again.read(ROOM, ALICE)).toMatchObject({ seq: 1 })
  })
})

describe('the bytes that the data takes', () => {
  it('[S16] are looked up at most once a minute, whoever asks', async () => {
    let looked = 0
    let now = 0
    const files = watchedFiles((operation) => void (looked += Number(operation === 'size')))
    const storage = await directory.open({ files, now: () => now })
    await makeAlice(storage)
    await storage.writeBack()
    const { bytes } = await storage.usage()
    expect(bytes).toBeGreaterThan(4_000)
    const before = looked
    await storage.commit([], async (draft) => draft.putAvatar(ROOM, picture(3, 60_000)))
    await storage.writeBack()
    now += 59_000
    expect(await storage.usage()).toMatchObject({ bytes, driver: 'lowdb', users: 1, rooms: 0 })
    expect(looked).toBe(before)
    now += 2_000
    const [first, second] = await Promise.all([storage.usage(), storage.usage()])
    expect(first.bytes).toBeGreaterThan(bytes + 60_000)
    expect(second).toEqual(first)
    expect(looked).toBeLessThan(before * 2 + 3)
  })
})
