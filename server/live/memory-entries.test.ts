import { expect, it } from 'vitest'
import { PRESENCE_TTL_MS } from '../../protocol/limits.ts'
import { presenceContract } from './contract.ts'
import { createMemoryEntries } from './memory-entries.ts'
import { HandClock } from './testing/hand-clock.ts'

presenceContract('memory', async () => {
  const clock = new HandClock()
  const entries = createMemoryEntries(clock)
  return { entries, now: clock.now, pass: (ms) => clock.pass(ms), dispose: () => entries.close() }
})

it('one timer waits, however many connections there are; none, when there is none', async () => {
  const clock = new HandClock()
  const entries = createMemoryEntries(clock)
  for (let nth = 0; nth < 100; nth++) {
    await entries.put({ userId: 'kim', connectionId: `${nth}`, deviceId: `${nth}`, active: true })
  }
  expect(clock.waiting).toBe(1)
  await clock.pass(PRESENCE_TTL_MS)
  expect(clock.waiting).toBe(0)
})

it('a clock that is set back ends nobody’s connection at once, and keeps none for ever', async () => {
  const clock = new HandClock()
  const entries = createMemoryEntries(clock)
  const heard: string[] = []
  entries.watch((userIds) => heard.push(...userIds))
  await entries.put({ userId: 'kim', connectionId: 'a', deviceId: 'a', active: true })
  clock.ms -= 3_600_000
  expect((await entries.of(['kim'])).get('kim')?.connections).toHaveLength(1)
  await clock.pass(2 * PRESENCE_TTL_MS)
  expect((await entries.of(['kim'])).get('kim')?.connections).toHaveLength(0)
})
