import { cp } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_PULL_BYTES, MAX_PULL_WANTS } from '../../protocol/limits.ts'
import type { Changes, Page, PullResult, Want } from '../../protocol/socket.ts'
import { pullResultSchema } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { silentLog } from '../log.ts'
import { openLowdbStorage } from '../storage/lowdb/storage.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'
import { createReading } from './reading.ts'

const changesOf = (result: PullResult['results'][number] | undefined): Changes => {
  if (!result?.ok || result.kind !== 'changes') throw new Error(`no changes: ${JSON.stringify(result)}`)
  return result
}
const pageOf = (result: PullResult['results'][number] | undefined): Page => {
  if (!result?.ok || result.kind !== 'page') throw new Error(`no page: ${JSON.stringify(result)}`)
  return result
}

describe('pulls', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let device: TestDevice
  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    device = await relay.connect(kim)
  })
  afterEach(() => relay.stop())

  const changes = (stream: `room:${string}` | 'users', since = 0, more: object = {}): Want => {
    return { kind: 'changes', stream, since, epoch: since === 0 ? 0 : relay.relay.storage.epoch, ...more }
  }

  it('of hundreds of wants let others have their turn meanwhile', async () => {
    const reading = createReading(relay.relay.storage, silentLog)
    const want = changes(`room:${await device.createRoom()}`)
    let turns = 0
    let next: NodeJS.Immediate | undefined
    const turn = (): void => {
      turns += 1
      next = setImmediate(turn)
    }
    turn()
    await reading.pull(kim.user.id, { wants: Array.from({ length: MAX_PULL_WANTS }, () => want) })
    clearImmediate(next)
    expect(turns).toBeGreaterThan(MAX_PULL_WANTS / 50)
  })

  it('[S7] give the latest state of each record with rev in (since, through], a result per want in order', async () => {
    const roomId = await device.createRoom(lee)
    const messageId = newId()
    await device.send(roomId, 'first', messageId)
    await device.accepted({ type: 'message.edit', roomId, messageId, body: 'edited' })
    const result = await device.pull(
      changes('users'),
      { kind: 'changes', stream: `user:${kim.user.id}`, since: 0, epoch: 0 },
      changes(`room:${roomId}`),
      { kind: 'page', roomId: newId() },
      { kind: 'page', roomId, limit: 1 }
    )
    expect(pullResultSchema.parse(result)).toEqual(result)
    expect(result).toMatchObject({ ok: true, epoch: relay.relay.storage.epoch })
    const [users, own, room, unknown, page] = result.results
    expect(changesOf(users)).toMatchObject({ through: 2, head: 2, more: false, records: [kim.user, lee.user] })
    expect(changesOf(own)).toMatchObject({ through: 1, records: [{ type: 'membership', roomId, state: 'joined' }] })
    expect(changesOf(room).records.map(({ rev }) => rev)).toEqual([1, 2, 3, 4, 6])
    expect(changesOf(room)).toMatchObject({ through: 6, head: 6, more: false })
    expect(unknown).toMatchObject({ ok: false, error: { code: 'room-not-found' } })
    expect(pageOf(page)).toMatchObject({ messages: [{ body: 'edited', seq: 2 }], head: 6, headSeq: 2, more: true })
    const since = await device.pull(changes(`room:${roomId}`, 4), changes(`room:${roomId}`, 6))
    expect(since.results.map((each) => changesOf(each).records.map(({ rev }) => rev))).toEqual([[6], []])
  })

  it('[S7] go on from through when there is more', async () => {
    const roomId = await device.createRoom(lee)
    for (let index = 0; index < 6; index++) await device.send(roomId, `m${index}`)
    const revs: number[] = []
    let since = 0
    for (let more = true; more;) {
      const result = changesOf((await device.pull(changes(`room:${roomId}`, since, { limit: 3 }))).results[0])
      expect(result.records.length).toBeLessThanOrEqual(3)
      revs.push(...result.records.map(({ rev }) => rev))
      ;({ through: since, more } = result)
    }
    expect(revs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const held = changesOf((await device.pull(changes(`room:${roomId}`, 0, { heldSeq: 2 }))).results[0])
    expect(held.records.filter(({ type }) => type === 'message')).toHaveLength(2)
    expect(held.through).toBe(10)
  })

  it('bound one answer over all its wants; one that found no room left is empty and says more', async () => {
    const rooms = [await device.createRoom(), await device.createRoom(), await device.createRoom()]
    for (const roomId of rooms) {
      for (let index = 0; index < 5; index++) await device.send(roomId, 'ㄱ'.repeat(19_000))
    }
    const wants = rooms.flatMap((roomId): Want[] => [{ kind: 'page', roomId }, changes(`room:${roomId}`)])
    const result = await device.pull(...wants, changes('users'), changes('users', 2))
    expect(JSON.stringify(result).length).toBeLessThan(MAX_PULL_BYTES)
    const [first, second, , fourth] = result.results
    expect(pageOf(first).messages).toHaveLength(6)
    expect(changesOf(second).records.length).toBeGreaterThan(0)
    expect(changesOf(fourth)).toMatchObject({ records: [], through: 0, head: 8, more: true })
    expect(pageOf(result.results[4])).toMatchObject({ messages: [], more: true, headSeq: 6 })
    expect(changesOf(result.results[6])).toMatchObject({ records: [], through: 0, more: true })
    expect(changesOf(result.results[7])).toMatchObject({ records: [], through: 2, more: false })
  })

  it('take as many wants as the limit allows', async () => {
    const { results } = await device.pull(...Array.from({ length: MAX_PULL_WANTS }, () => changes('users')))
    expect(results).toHaveLength(MAX_PULL_WANTS)
  })

  it('[S10.2] a checkpoint beyond what this data served is answered reset, without records', async () => {
    const roomId = await device.createRoom()
    await relay.restart()
    const back = await relay.connect(kim)
    await back.connect()
    const stream = `room:${roomId}` as const
    const ask = async (since: number, epoch: number) =>
      changesOf((await back.pull({ kind: 'changes', stream, since, epoch })).results[0])
    const reset = { records: [], through: 0, head: 3, more: true, reset: true }
    const epochs = [device.welcome?.epoch ?? 0, back.welcome?.epoch ?? 0]
    expect(await ask(3, epochs[0] ?? 0)).not.toHaveProperty('reset')
    expect(await ask(4, epochs[0] ?? 0)).toMatchObject(reset)
    expect(await ask(1, 7)).toMatchObject(reset)
    expect(await ask(3, epochs[1] ?? 0)).not.toHaveProperty('reset')
  })

  it('[S10.2] a restored copy of the data resets the devices that had seen more', async () => {
    const roomId = await device.createRoom()
    await relay.relay.stop()
    const backup = `${relay.dataDir}-backup`
    await cp(relay.dataDir, backup, { recursive: true })
    await relay.restart()
    await device.connect()
    await device.send(roomId, 'lost')
    const seen = { since: 4, epoch: device.welcome?.epoch ?? 0 }

    const restored = await TestRelay.start({ openStorage: () => openLowdbStorage({ dataDir: backup }) })
    const again = await restored.connect(kim)
    const { results } = await again.pull({ kind: 'changes', stream: `room:${roomId}`, ...seen })
    expect(changesOf(results[0])).toMatchObject({ reset: true, records: [] })
    expect(again.welcome?.answered).toBe(1)
    await restored.stop()
  })

  it('answer a want that storage cannot read with relay-error, alone and logged; the other wants are answered', async () => {
    const [damaged, sound] = [await device.createRoom(lee), await device.createRoom(lee)]
    const { storage } = relay.relay
    const logged: unknown[] = []
    const reading = createReading(
      overlay(storage, {
        async page(id, options) {
          if (id === damaged) throw new Error('a damaged file')
          return storage.page(id, options)
        }
      }),
      { ...silentLog, error: (_text, details) => void logged.push(details?.error) }
    )
    const { results } = await reading.pull(kim.user.id, {
      wants: [{ kind: 'page', roomId: damaged }, { kind: 'page', roomId: sound }, changes(`room:${sound}`)]
    })
    expect(results[0]).toMatchObject({ ok: false, error: { code: 'relay-error' } })
    expect(JSON.stringify(results[0])).not.toContain('damaged')
    expect(pageOf(results[1]).messages).toHaveLength(1)
    expect(changesOf(results[2]).through).toBe(4)
    expect(logged).toEqual([new Error('a damaged file')])
  })

  it('[S11.1] who is removed while a read goes on gets nothing of it', async () => {
    const roomId = await device.createRoom(lee)
    const { storage } = relay.relay
    const reading = createReading(
      overlay(storage, {
        async page(id, options) {
          await device.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
          return storage.page(id, options)
        }
      }),
      silentLog
    )
    const { results } = await reading.pull(lee.user.id, { wants: [{ kind: 'page', roomId }] })
    expect(results).toMatchObject([{ ok: false, error: { code: 'not-a-member' } }])
    await expect(reading.room(lee.user.id, roomId)).rejects.toMatchObject({ code: 'not-a-member' })
  })
})
