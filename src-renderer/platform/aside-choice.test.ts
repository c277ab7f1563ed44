import { beforeEach, expect, it } from 'vitest'
import { loadAsideChoice, saveAsideChoice } from './aside-choice.ts'

beforeEach(() => window.localStorage.clear())

it('is kept for its room alone, and gone when everybody is meant again', () => {
  const storage = window.localStorage
  saveAsideChoice(storage, 'me room-1', ['a', 'b'])
  expect(loadAsideChoice(storage, 'me room-1')).toEqual(['a', 'b'])
  expect(loadAsideChoice(storage, 'me room-2')).toBeNull()
  saveAsideChoice(storage, 'me room-1', null)
  expect(loadAsideChoice(storage, 'me room-1')).toBeNull()
  expect(storage.length).toBe(0)
})
