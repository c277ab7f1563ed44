import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../protocol/operations.ts'
import { newId } from '../../protocol/values.ts'
import { DamagedRoomError } from '../storage/port.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'

describe('[S6.4] a room of which a part is damaged', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let kims: TestDevice
  let lees: TestDevice
  let damaged: string
  let whole: string
  /** Of a message in the first segment. */
  const old = newId()

  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    kims = await relay.connect(kim)
    damaged = await kims.createRoom(lee)
    whole = await kims.createRoom(lee)
    await relay.relay.storage.commit([`room:${damaged}`], async (draft) => {
      for (let n = 0; n < 600; n++) {
        const id = n === 3 ? old : newId()
        const text = { kind: 'text', authorId: kim.user.id, body: `message ${n}`, sentAt: SENT_AT } as const
        await draft.append({ type: 'message', id, roomId: damaged, acceptedAt: SENT_AT, ...text })
      }
    })
  })
  afterEach(() => relay.stop())

  /** Damages a segment while the relay is down; resolves with what restores it. */
  async function damage(segment: string): Promise<() => Promise<void>> {
    kims.disconnect()
    await relay.relay.stop()
    const path = join(relay.dataDir, 'rooms', damaged, segment)
    const bytes = await readFile(path)
    await writeFile(path, bytes.subarray(0, bytes.length - 100))
    await relay.restart()
    await kims.connect()
    lees = await relay.connect(lee)
    return () => writeFile(path, bytes)
  }
  const send = (roomId: string, body: string, messageId = newId()): Operation => {
    return { type: 'message.send', roomId, messageId, body, sentAt: SENT_AT }
  }
  const edit = { type: 'message.edit', roomId: '', messageId: old, body: 'edited' } as const
  const codes = async (device: TestDevice, ...operations: Operation[]): Promise<string[]> =>
    (await device.apply(...operations)).map((answer) => (answer.status === 'refused' ? answer.error.code : 'accepted'))

  it('refuses what needs that part, once and for all; everything before and behind it is decided', async () => {
    const restore = await damage('000001.json')
    const push = kims.number(
      send(whole, 'before'),
      { ...edit, roomId: damaged },
      send(damaged, 'goes on'),
      send(whole, 'behind')
    )
    const result = await kims.push(push)
    expect(result.stopped).toBeUndefined()
    expect(result.answers.map(({ n, status }) => [n, status])).toEqual([
      [3, 'accepted'],
      [4, 'refused'],
      [5, 'accepted'],
      [6, 'accepted']
    ])
    expect(result.answers[1]).toMatchObject({ error: { code: 'room-damaged' } })
    expect(JSON.stringify(result)).not.toContain('.json')
    expect(await kims.push(push)).toEqual(result)
    await restore()
    expect(await kims.push(push)).toEqual(result)
    expect(await codes(kims, { ...edit, roomId: damaged })).toEqual(['accepted'])
  })

  it('refuses each of many, and what depends on them, but nothing of other rooms', async () => {
    await damage('000001.json')
    const edits = ['a', 'b', 'c'].map((body): Operation => ({ ...edit, roomId: damaged, body }))
    const push = kims.number(...edits, send(whole, 'x'), send(whole, 'y'))
    const [first, , , dependent] = push.operations
    if (first && dependent) dependent.dependsOn = [first.id]
    const { answers } = await kims.push(push)
    expect(answers.map((answer) => (answer.status === 'refused' ? answer.error.code : answer.status))).toEqual([
      'room-damaged',
      'room-damaged',
      'room-damaged',
      'depends-on-refused',
      'accepted'
    ])
  })

  it('whose newest part it is takes nothing new, and stops nobody who writes elsewhere', async () => {
    const restore = await damage('000002.json')
    const head = await relay.relay.storage.head(`room:${damaged}`)
    const [mine, others] = await Promise.all([
      codes(kims, send(damaged, 'x'), send(whole, 'y'), { type: 'room.rename', roomId: damaged, name: 'Attic' }),
      codes(lees, send(whole, 'z'), { type: 'read.mark', roomId: damaged, seq: 4 })
    ])
    expect(mine).toEqual(['room-damaged', 'accepted', 'room-damaged'])
    expect(others).toEqual(['accepted', 'accepted'])
    expect(await relay.relay.storage.head(`room:${damaged}`)).toBe(head)
    expect(await relay.relay.storage.room(damaged)).toMatchObject({ name: 'Room' })
    await restore()
    expect(await codes(kims, send(damaged, 'x'))).toEqual(['accepted'])
  })

  it('is named as such to who reads it or writes by REST; its other parts and other rooms are read', async () => {
    await damage('000001.json')
    const { results } = await kims.pull(
      { kind: 'page', roomId: damaged },
      { kind: 'page', roomId: damaged, before: 300 },
      { kind: 'changes', stream: `room:${damaged}`, since: 0, epoch: 0 },
      { kind: 'page', roomId: whole }
    )
    expect(results).toMatchObject([
      { ok: true, headSeq: 601 },
      { ok: false, error: { code: 'room-damaged' } },
      { ok: false, error: { code: 'room-damaged' } },
      { ok: true }
    ])
    const path = `rooms/${damaged}/messages`
    const token = kim.token
    expect(await relay.rest('GET', `${path}?before=300`, { token })).toMatchObject({
      status: 500,
      body: { code: 'room-damaged' }
    })
    const edited = await relay.rest('PATCH', `${path}/${old}`, { token, json: { body: 'edited' } })
    expect(edited).toMatchObject({ status: 500, body: { code: 'room-damaged' } })
    expect(JSON.stringify([results, edited.body])).not.toContain('000001')
  })
})

describe('[S6.4] damage that only storing comes upon', () => {
  it('refuses all that would write to the room, and nothing else', async () => {
    let damaged = ''
    let head = 0
    const relay = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          commit: (streams, work) =>
            storage.commit(streams, async (draft) => {
              const value = await work(draft)
              if ((await draft.headSeq(damaged)) > head) throw new DamagedRoomError(damaged, 'holds too little')
              return value
            })
        })
    })
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    head = 1
    const whole = await kims.createRoom(lee)
    damaged = await kims.createRoom(lee)
    const send = (roomId: string): Operation => {
      return { type: 'message.send', roomId, messageId: newId(), body: 'x', sentAt: SENT_AT }
    }
    const [mine, others] = await Promise.all([
      kims.apply(send(whole), send(damaged), { type: 'read.mark', roomId: damaged, seq: 1 }, send(whole)),
      lees.apply(send(whole))
    ])
    expect(mine.map(({ status }) => status)).toEqual(['accepted', 'refused', 'accepted', 'accepted'])
    expect(others.map(({ status }) => status)).toEqual(['accepted'])
    expect(await relay.relay.storage.headSeq(whole)).toBe(4)
    await relay.stop()
  })
})
