import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_HINT_BYTES } from '../../protocol/limits.ts'
import { USERS_STREAM } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { silentLog } from '../log.ts'
import { openLowdbStorage } from '../storage/lowdb/storage.ts'
import type { Draft, Storage } from '../storage/port.ts'
import { overlay } from '../testing/relay-kit.ts'
import { createCommitLine } from './commit-line.ts'
import type { CommitRequest, Told } from './commit-line.ts'

describe('the commit line', () => {
  let dataDir: string
  let storage: Storage
  /** How many requests each commit held. */
  let commits: number[]
  let told: Told[]
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'maru-line-'))
    storage = await openLowdbStorage({ dataDir })
    commits = []
    told = []
  })
  afterEach(async () => {
    await storage.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  const addUser = async (draft: Draft, username: string): Promise<string> => {
    const shown = { displayName: username, role: 'member', createdAt: '2026-01-01T00:00:00.000Z' } as const
    await draft.put(USERS_STREAM, { type: 'user', id: newId(), username, ...shown })
    return username
  }
  const request = (username: string, operations = 1): CommitRequest<string> => ({
    streams: [USERS_STREAM],
    operations,
    work: (draft) => addUser(draft, username)
  })
  const lineOn = (storage: Storage, tell = async (changes: Told) => void told.push(changes)) =>
    createCommitLine(storage, tell, silentLog)
  const counting = (): Storage =>
    overlay(storage, {
      async commit(streams, work) {
        const committed = await storage.commit(streams, work)
        commits.push(committed.changes.reduce((sum, { records }) => sum + records.length, 0))
        return committed
      }
    })

  it('[S15] a commit makes no more of one stream than a hint may hold', async () => {
    const line = lineOn(counting())
    const names = Array.from({ length: 7 }, (_, index) => `user${index}`)
    // Each operation of a push names its streams: the same one may come many times.
    const streams: StreamId[] = [USERS_STREAM, USERS_STREAM, USERS_STREAM]
    const large = names.map((name) => ({ ...request(name), streams, bytes: MAX_HINT_BYTES / 4 }))
    await Promise.all([line.submit(request('first')), ...large.map((each) => line.submit(each))])
    expect(commits).toEqual([1, 3, 3, 1])
  })

  it('[S6.2] what is too much to wait is stopped at once, and welcome again when there is room', async () => {
    const line = lineOn(storage)
    const first = line.submit(request('first', 20_000))
    // The first is in hand, so the second may wait; then it is full.
    const second = line.submit(request('second', 20_000))
    await expect(line.submit(request('third'))).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(await Promise.all([first, second])).toEqual(['first', 'second'])
    expect(await line.submit(request('third'))).toBe('third')
  })

  it('[S15] what comes while a commit is in flight goes into the next one, one flush for all', async () => {
    const line = lineOn(counting())
    const names = Array.from({ length: 50 }, (_, index) => `user${index}`)
    expect(await Promise.all(names.map((name) => line.submit(request(name))))).toEqual(names)
    expect(commits).toEqual([1, 49])
    expect(told.map(([change]) => [change?.from, change?.through])).toEqual([
      [0, 1],
      [1, 50]
    ])
  })

  it('a group is bounded by its operations, in order of arrival, and takes at least one request', async () => {
    const line = lineOn(counting())
    await Promise.all([1, 150, 50, 1, 500, 1].map((weight, index) => line.submit(request(`u${index}`, weight))))
    expect(commits).toEqual([1, 2, 1, 1, 1])
  })

  it('a refusal is the result of its request alone', async () => {
    const line = lineOn(counting())
    const refusal = new ProtocolError('username-taken', 'taken')
    const results = await Promise.allSettled([
      line.submit(request('a')),
      line.submit(request('b')),
      line.submit({ streams: [], work: () => Promise.reject(refusal) }),
      line.submit(request('c'))
    ])
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))).toEqual([
      'a',
      'b',
      refusal,
      'c'
    ])
    expect(commits).toEqual([1, 2])
  })

  it('[S6.3] when a group breaks, each request is tried alone and only the broken one fails', async () => {
    const line = lineOn(counting())
    const results = await Promise.allSettled([
      line.submit(request('a')),
      line.submit(request('b')),
      line.submit({
        streams: [USERS_STREAM],
        work: (draft) => addUser(draft, 'x').then(() => Promise.reject(new Error('bug')))
      }),
      line.submit(request('c'))
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(results[2]).toMatchObject({ reason: { code: 'relay-error', cause: { message: 'bug' } } })
    expect(await storage.head(USERS_STREAM)).toBe(3)
    expect(told.flat().flatMap(({ records }) => records)).toMatchObject([
      { username: 'a' },
      { username: 'b' },
      { username: 'c' }
    ])
  })

  it('[S1] when storing fails nobody is told and nothing is tried again; the next request may succeed', async () => {
    let broken = true
    const line = lineOn(
      overlay(storage, {
        commit: (streams, work) => {
          commits.push(1)
          if (broken) return Promise.reject(new ProtocolError('storage-unavailable', 'full'))
          return storage.commit(streams, work)
        }
      })
    )
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => line.submit(request(name))))
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'storage-unavailable' } })
    expect(commits).toHaveLength(2)
    expect(told).toEqual([])
    broken = false
    expect(await line.submit(request('d'))).toBe('d')
  })

  it('[S1] tells before it resolves, and a telling that fails changes nothing', async () => {
    const order: string[] = []
    const line = lineOn(storage, async () => {
      order.push('told')
      throw new Error('telling broke')
    })
    await line.submit(request('a')).then(() => order.push('resolved'))
    expect(order).toEqual(['told', 'resolved'])
    expect(await storage.head(USERS_STREAM)).toBe(1)
  })

  it('tells nothing of a commit that changed nothing', async () => {
    const line = lineOn(storage)
    expect(await line.submit({ streams: [], work: async () => 'nothing' })).toBe('nothing')
    expect(told).toEqual([])
  })

  it('stopping finishes what is in line and refuses what comes after', async () => {
    const line = lineOn(counting())
    const inLine = ['a', 'b', 'c'].map((name) => line.submit(request(name)))
    const stopped = line.stop()
    await expect(line.submit(request('late'))).rejects.toMatchObject({ code: 'relay-stopping' })
    await stopped
    expect(commits).toEqual([1, 2])
    expect(await Promise.all(inLine)).toEqual(['a', 'b', 'c'])
  })
})
