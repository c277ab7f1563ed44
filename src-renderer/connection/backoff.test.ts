import { expect, test } from 'vitest'
import { BACKOFF_CAP_MS, backoffMs } from './backoff.ts'

test('the longest wait doubles from 1 s and stays at 30 s', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 2_000].map((failures) => backoffMs(failures, () => 1))
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
})

test('the wait is spread over the whole span, from nothing on', () => {
  expect(backoffMs(3, () => 0)).toBe(0)
  expect(backoffMs(3, () => 0.5)).toBe(4_000)
  expect(backoffMs(9, () => 0.999_999)).toBeLessThan(BACKOFF_CAP_MS)
})
