import { BehaviorSubject } from 'rxjs'
import { expect, test } from 'vitest'
import { TYPING_IDLE_MS, TYPING_REPEAT_MS } from '../../protocol/limits.ts'
import { createVirtualClock } from '../sync/testing/virtual-clock.ts'
import { createTypingOut } from './typing-out.ts'

const HALL = 'hall'

function writer({ connected = true } = {}) {
  const clock = createVirtualClock()
  const start = clock.now()
  const up = new BehaviorSubject(connected)
  const said: string[] = []
  const typing = createTypingOut({
    say: ({ roomId, typing }) => said.push(`${clock.now() - start} ${roomId} ${typing}`),
    up,
    clock
  })
  return { clock, up, said, typing }
}

test('[S14.1] said with the first key, and not again with the next ones', async () => {
  const { clock, said, typing } = writer()
  for (let key = 0; key < 10; key++) {
    typing.keyed(HALL)
    await clock.advance(100)
  }
  expect(said).toEqual(['0 hall true'])
})

test('[S14.1] said again every TYPING_REPEAT_MS while keys come, and only then', async () => {
  const { clock, said, typing } = writer()
  for (let ms = 0; ms < 2 * TYPING_REPEAT_MS + 500; ms += 500) {
    typing.keyed(HALL)
    await clock.advance(500)
  }
  expect(said).toEqual(['0 hall true', `${TYPING_REPEAT_MS} hall true`, `${2 * TYPING_REPEAT_MS} hall true`])
})

test('[S14.1] taken back TYPING_IDLE_MS after the last key, once; the next key is a first one', async () => {
  const { clock, said, typing } = writer()
  typing.keyed(HALL)
  await clock.advance(1_000)
  typing.keyed(HALL)
  await clock.advance(TYPING_IDLE_MS - 1)
  expect(said).toEqual(['0 hall true'])
  await clock.advance(10 * TYPING_IDLE_MS)
  expect(said).toEqual(['0 hall true', `${1_000 + TYPING_IDLE_MS} hall false`])
  typing.keyed(HALL)
  expect(said).toHaveLength(3)
  expect(said[2]).toMatch(/hall true$/)
})

test('[S14.1] taken back at once when it is over, and nothing is taken back that was not said', async () => {
  const { clock, said, typing } = writer()
  typing.ended()
  typing.keyed(HALL)
  await clock.advance(200)
  typing.ended()
  typing.ended()
  await clock.advance(10 * TYPING_IDLE_MS)
  expect(said).toEqual(['0 hall true', '200 hall false'])
})

test('[S14.1] going on in another room takes it back in the first', async () => {
  const { clock, said, typing } = writer()
  typing.keyed(HALL)
  await clock.advance(50)
  typing.keyed('garden')
  await clock.advance(10 * TYPING_IDLE_MS)
  expect(said).toEqual(['0 hall true', '50 hall false', '50 garden true', `${50 + TYPING_IDLE_MS} garden false`])
})

test('[S11.5] what nobody may know of is said nowhere, and what was said before is taken back', async () => {
  const { clock, said, typing } = writer()
  typing.keyed(null)
  await clock.advance(10)
  typing.keyed(HALL)
  await clock.advance(10)
  typing.keyed(null)
  await clock.advance(10 * TYPING_IDLE_MS)
  expect(said).toEqual(['10 hall true', '20 hall false'])
})

test('[S14] nothing is said without a connection, nor afterwards; with it, the next key says it', async () => {
  const { clock, up, said, typing } = writer({ connected: false })
  typing.keyed(HALL)
  await clock.advance(100)
  up.next(true)
  await clock.advance(10 * TYPING_IDLE_MS)
  expect(said).toEqual([])
  typing.keyed(HALL)
  expect(said).toHaveLength(1)
})

test('[S14] a connection that ends takes what was said with it: the next one hears it anew', async () => {
  const { clock, up, said, typing } = writer()
  typing.keyed(HALL)
  await clock.advance(100)
  up.next(false)
  up.next(true)
  await clock.advance(100)
  typing.keyed(HALL)
  typing.ended()
  expect(said).toEqual(['0 hall true', '200 hall true', '200 hall false'])
})

test('stopped, it says nothing more', async () => {
  const { clock, said, typing } = writer()
  typing.keyed(HALL)
  typing.stop()
  await clock.advance(10 * TYPING_IDLE_MS)
  expect(said).toEqual(['0 hall true'])
})
