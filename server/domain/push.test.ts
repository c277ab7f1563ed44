import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_PUSH_OPERATIONS, MAX_UNSETTLED_ANSWERS } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { Answer, AnswersResult } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { nodeFiles } from '../storage/lowdb/files.ts'
import { openLowdbStorage } from '../storage/lowdb/storage.ts'
import type { Draft, Storage } from '../storage/port.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'
const POISON = 'poison'

/** A storage on which a message with a certain text breaks the code that stores it. */
function poisonable(storage: Storage): Storage {
  return overlay(storage, {
    commit: (streams, work) =>
      storage.commit(streams, (draft) =>
        work(
          new Proxy(draft, {
            get(target, name) {
              const value: unknown = Reflect.get(target, name, target)
              if (name !== 'append') return typeof value === 'function' ? value.bind(target) : value
              const append: Draft['append'] = (message) => {
                if (message.body === POISON) throw new TypeError('cannot read properties of undefined')
                return target.append(message)
              }
              return append
            }
          })
        )
      )
  })
}

describe('pushes', () => {
  let relay: TestRelay
  let kim: Person
  let device: TestDevice
  let roomId: string
  let diskIsFull = false
  beforeEach(async () => {
    diskIsFull = false
    const files: typeof nodeFiles = {
      ...nodeFiles,
      async create(path) {
        const file = await nodeFiles.create(path)
        return {
          append: (bytes) => (diskIsFull ? Promise.reject(new Error('ENOSPC')) : file.append(bytes)),
          datasync: () => (diskIsFull ? Promise.reject(new Error('ENOSPC')) : file.datasync()),
          close: () => file.close()
        }
      }
    }
    relay = await TestRelay.start({
      openStorage: async (dataDir) => poisonable(await openLowdbStorage({ dataDir, files }))
    })
    kim = await relay.signUp('kim')
    device = await relay.connect(kim)
    roomId = await device.createRoom()
  })
  afterEach(() => relay.stop())

  const send = (body: string, messageId = newId()): Operation => {
    return { type: 'message.send', roomId, messageId, body, sentAt: SENT_AT }
  }
  const seqs = (answers: readonly Answer[]) =>
    answers.map((answer) => (answer.status === 'accepted' ? answer.seq : 'no'))
  const error = (push: unknown) => device.ask('sync:push', push)
  const headSeq = () => relay.relay.storage.headSeq(roomId)

  it('[S2] decides in order of n, whatever the order in the packet', async () => {
    const push = device.number(send('a'), send('b'), send('c'))
    push.operations.reverse()
    const { answers } = await device.push(push)
    expect(answers.map(({ n }) => n)).toEqual([2, 3, 4])
    expect(seqs(answers)).toEqual([2, 3, 4])
  })

  it('[S2.1] a lost acknowledgement: the repeat gets the same answer and stores nothing', async () => {
    const push = device.number(send('once'), { ...send('x'), replyTo: newId() } as Operation)
    const first = await device.push(push)
    expect(first.answers.map(({ status }) => status)).toEqual(['accepted', 'refused'])
    expect(await device.push(push)).toEqual(first)
    expect(await headSeq()).toBe(2)
  })

  it('[S2.1] … also after the relay was restarted, acceptance and refusal alike', async () => {
    const push = device.number(send('once'), { type: 'message.delete', roomId, messageId: newId() })
    const first = await device.push(push)
    await relay.restart()
    await device.connect()
    const again = await device.push(push)
    expect(again.answers).toEqual(first.answers)
    expect(again.epoch).toBeGreaterThan(first.epoch)
    expect(await headSeq()).toBe(2)
  })

  it('[S2.1] a refusal stays one, even if the operation could be accepted by now', async () => {
    const messageId = newId()
    const push = device.number({ type: 'message.edit', roomId, messageId, body: 'early' })
    const first = await device.push(push)
    await device.send(roomId, 'late', messageId)
    expect((await device.push(push)).answers).toEqual(first.answers)
  })

  it('[S2.2] answers are remembered until they are settled', async () => {
    await device.apply(send('a'), send('b'), send('c'))
    const ask = async (after: number) => {
      return (await device.ask<AnswersResult>('sync:answers', { deviceId: kim.deviceId, after })).answers.map(
        ({ n }) => n
      )
    }
    expect(await ask(0)).toEqual([1, 2, 3, 4])
    expect(await ask(2)).toEqual([3, 4])
    expect(await device.push({ settled: 2, operations: [] })).toMatchObject({ ok: true, answers: [] })
    expect(await ask(0)).toEqual([3, 4])
    await device.push({ settled: 1, operations: [] })
    expect(await ask(0)).toEqual([3, 4])
  })

  it('[S2.3] a device with too many unsettled answers is stopped until it settles', async () => {
    const malformed = () => device.number(...Array.from({ length: MAX_PUSH_OPERATIONS }, () => ({}) as Operation))
    while (device.n < MAX_UNSETTLED_ANSWERS - MAX_PUSH_OPERATIONS) await device.push(malformed())
    const last = malformed()
    const { answers, stopped } = await device.push(last)
    expect(stopped).toMatchObject({ code: 'too-many-unsettled' })
    expect(answers.length + (last.operations[0]?.n ?? 0) - 1).toBe(MAX_UNSETTLED_ANSWERS)
    const settled = MAX_UNSETTLED_ANSWERS
    const rest = last.operations.filter(({ n }) => n > settled)
    const after = await device.push({ settled, operations: rest })
    expect(after.stopped).toBeUndefined()
    expect(after.answers).toHaveLength(rest.length)
  })

  it('[S2.4] another id under an n that was used, or an n that was settled: counter-conflict, nothing applied', async () => {
    await device.apply(send('a'))
    const copy = { settled: 0, operations: [{ id: newId(), n: 2, operation: send('copy') }] }
    expect(await error(copy)).toMatchObject({ ok: false, error: { code: 'counter-conflict', field: 'n' } })
    const withNext = { ...copy, operations: [...copy.operations, { id: newId(), n: 3, operation: send('next') }] }
    expect(await error(withNext)).toMatchObject({ ok: false, error: { code: 'counter-conflict' } })

    const repeat = device.number(send('b'))
    await device.push(repeat)
    await device.push({ settled: 3, operations: [] })
    expect(await error(repeat)).toMatchObject({ ok: false, error: { code: 'counter-conflict' } })
    const twice = [1, 2].map(() => ({ id: newId(), n: 4, operation: send('twice') }))
    expect(await error({ settled: 3, operations: twice })).toMatchObject({ error: { code: 'counter-conflict' } })
    expect(await headSeq()).toBe(3)
  })

  it('[S2.5] an n beyond the next one: counter-gap that names the expected one, nothing applied', async () => {
    const operations = [
      { id: newId(), n: 2, operation: send('next') },
      { id: newId(), n: 4, operation: send('beyond') }
    ]
    expect(await error({ settled: 1, operations })).toMatchObject({
      ok: false,
      error: { code: 'counter-gap', limit: 3, message: 'operation 4 came while 3 was expected' }
    })
    expect(await headSeq()).toBe(1)
    expect((await relay.relay.storage.device(kim.deviceId))?.settled).toBe(0)
  })

  it('[S10.3] a device that settled more than this relay answered goes on from there', async () => {
    const { answers } = await device.push({ settled: 50, operations: [{ id: newId(), n: 2, operation: send('on') }] })
    expect(seqs(answers)).toEqual([2])
    const again = await device.ask<AnswersResult>('sync:answers', { deviceId: kim.deviceId, after: 0 })
    expect(again.answers).toEqual(answers)
  })

  it('[S2.6] two connections of one device pushing the same operations at once get the same answers', async () => {
    const other = await relay.connect(kim)
    const pushes = Array.from({ length: 10 }, (_, index) => device.number(send(`a${index}`), send(`b${index}`)))
    const results = await Promise.all(pushes.flatMap((push) => [device.push(push), other.push(push)]))
    for (const [index] of pushes.entries()) expect(results[2 * index]).toEqual(results[2 * index + 1])
    expect(await headSeq()).toBe(21)
  })

  it('[S2.7] signing in again with the deviceId keeps counter and answers', async () => {
    const push = device.number(send('before'))
    const first = await device.push(push)
    const json = { username: 'kim', password: 'password of kim', deviceId: kim.deviceId }
    const again = await relay.rest<Person>('POST', 'sessions', { json })
    expect(again.body.deviceId).toBe(kim.deviceId)
    const back = await relay.connect(again.body)
    expect(back.welcome?.answered).toBe(2)
    expect(await back.push(push)).toEqual(first)
  })

  it('[S2.4] the answers of an old device can be asked for by a new one of the same user, by nobody else', async () => {
    await device.apply(send('a'))
    const renewed = await relay.rest<Person>('POST', 'sessions/renew', {
      token: kim.token,
      json: { asNewDevice: true }
    })
    const copy = await relay.connect(renewed.body)
    expect(copy.welcome?.answered).toBe(0)
    const request = { deviceId: kim.deviceId, after: 1 }
    expect(await copy.ask('sync:answers', request)).toMatchObject({ ok: true, answered: 2, answers: [{ n: 2 }] })
    const stranger = await relay.connect(await relay.signUp('stranger'))
    const refusal = { ok: false, error: { code: 'device-not-found' } }
    expect(await stranger.ask('sync:answers', request)).toMatchObject(refusal)
    expect(await stranger.ask('sync:answers', { deviceId: newId(), after: 0 })).toMatchObject(refusal)
  })

  it('[S6] a refusal blocks only what depends on it', async () => {
    const push = device.number(
      { type: 'message.edit', roomId, messageId: newId(), body: 'of nothing' },
      send('depends'),
      send('depends on what depends'),
      send('free')
    )
    const [refused, second, third] = push.operations
    if (refused && second) second.dependsOn = [newId(), refused.id]
    if (second && third) third.dependsOn = [second.id]
    const { answers } = await device.push(push)
    expect(answers).toMatchObject([
      { status: 'refused', error: { code: 'message-not-found' } },
      { status: 'refused', error: { code: 'depends-on-refused', field: 'dependsOn[1]' } },
      { status: 'refused', error: { code: 'depends-on-refused' } },
      { status: 'accepted', seq: 2 }
    ])
    const later = device.number(send('later'))
    if (refused && later.operations[0]) later.operations[0].dependsOn = [refused.id]
    expect((await device.push(later)).answers).toMatchObject([{ error: { code: 'depends-on-refused' } }])
  })

  it('[S6.1] a malformed operation is refused alone, with its field, and consumes its n', async () => {
    const malformed = [
      { ...send('x'), body: 7 },
      { ...send('x'), body: ' \n ' },
      { ...send('x'), body: 'x'.repeat(20_001) },
      { ...send('x'), body: 'lone \ud800 surrogate' },
      { ...send('x'), sentAt: 'yesterday' },
      { type: 'room.burn' },
      null
    ] as Operation[]
    const { answers } = await device.push(device.number(send('a'), ...malformed, send('b')))
    expect(answers.map((answer) => (answer.status === 'refused' ? answer.error : answer.seq))).toMatchObject([
      2,
      { code: 'invalid', field: 'body' },
      { code: 'invalid', field: 'body' },
      { code: 'invalid', field: 'body', limit: 20_000 },
      { code: 'invalid', field: 'body' },
      { code: 'invalid', field: 'sentAt' },
      { code: 'invalid', field: 'type' },
      { code: 'invalid' },
      3
    ])
  })

  it('[S6.2] when the disk fails the push is stopped, nothing is applied or told, and later it succeeds', async () => {
    const watcher = await relay.connect(kim)
    await watcher.caughtUp()
    watcher.heard.length = 0
    const push = device.number(send('patient'))
    diskIsFull = true
    expect(await device.push(push)).toMatchObject({ ok: true, answers: [], stopped: { code: 'storage-unavailable' } })
    const sent = { token: kim.token, json: { id: newId(), body: 'x' } }
    const rest = await relay.rest('POST', `rooms/${roomId}/messages`, sent)
    expect(rest).toMatchObject({ status: 503, body: { code: 'storage-unavailable' } })
    await watcher.caughtUp()
    expect(watcher.heard).toEqual([])
    expect(await headSeq()).toBe(1)

    diskIsFull = false
    expect((await device.push(push)).answers).toMatchObject([{ status: 'accepted', seq: 2 }])
    await watcher.caughtUp()
    expect(watcher.heard).toMatchObject([{ stream: `room:${roomId}`, from: 3, through: 4 }])
  })

  it('[S6.3] an operation that breaks the relay stops its own sender there, the others of the commit are stored', async () => {
    const lee = await relay.signUp('lee')
    await device.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
    const lees = await relay.connect(lee)
    const poisoned = device.number(send('before'), send(POISON), send('behind'))
    const [mine, ...others] = await Promise.all([
      device.push(poisoned),
      ...Array.from({ length: 5 }, (_, index) => lees.push(lees.number(send(`fine ${index}`))))
    ])
    expect(mine).toMatchObject({ ok: true, answers: [{ status: 'accepted' }], stopped: { code: 'relay-error' } })
    for (const { answers, stopped } of others) {
      expect(stopped).toBeUndefined()
      expect(answers).toMatchObject([{ status: 'accepted' }])
    }
    expect(await headSeq()).toBe(8)
    expect((await device.push(poisoned)).answers).toEqual(mine.answers)
    const failed = await relay.rest('POST', `rooms/${roomId}/messages`, {
      token: kim.token,
      json: { id: newId(), body: POISON }
    })
    expect(failed).toMatchObject({ status: 500, body: { code: 'relay-error' } })
  })

  it('[S3] [S4] concurrent senders, by socket and REST, get contiguous revs and seqs', async () => {
    const people = await relay.signUpAll(['lee', 'park', 'choi'])
    await device.accepted({ type: 'member.add', roomId, userIds: people.map(({ user }) => user.id) })
    const devices = [device, ...(await Promise.all(people.map((person) => relay.connect(person))))]
    const before = await headSeq()
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, round) =>
        devices.map(async (sender, index) => {
          if (index > 0) return (await sender.push(sender.number(send(`${index} ${round}`)))).answers[0]
          const json = { id: newId(), body: `rest ${round}` }
          const { body } = await relay.rest<{ message: { seq: number; rev: number } }>(
            'POST',
            `rooms/${roomId}/messages`,
            { token: kim.token, json }
          )
          return { status: 'accepted', ...body.message } as const
        })
      ).flat()
    )
    const places = answers.map((answer) => (answer?.status === 'accepted' ? (answer.seq ?? 0) : 0))
    expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => before + 1 + index))
    const { records } = await relay.relay.storage.changes(`room:${roomId}`, 0, { limit: 1_000, maxBytes: 1_000_000 })
    const revs = records.map(({ rev }) => rev)
    expect(revs).toEqual(Array.from({ length: revs.length }, (_, index) => index + 1))
  })
})
