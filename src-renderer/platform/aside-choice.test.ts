// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { forgetAsideChoices, loadAsideChoice, saveAsideChoice } from './aside-choice.ts'

const storage = window.localStorage
const room = (roomId: string, userId = 'me') => ({ userId, roomId })

beforeEach(() => storage.clear())

it('is kept for its room alone, and gone when everybody is meant again', () => {
  saveAsideChoice(storage, room('room-1'), ['a', 'b'])
  expect(loadAsideChoice(storage, room('room-1'))).toEqual(['a', 'b'])
  expect(loadAsideChoice(storage, room('room-2'))).toBeNull()
  expect(loadAsideChoice(storage, room('room-1', 'another'))).toBeNull()
  saveAsideChoice(storage, room('room-1'), null)
  expect(loadAsideChoice(storage, room('room-1'))).toBeNull()
  expect(storage.length).toBe(0)
})

it('goes with everything else of a person, and of nobody else', () => {
  for (const each of [room('room-1'), room('room-2'), room('room-1', 'another')]) saveAsideChoice(storage, each, ['a'])
  storage.setItem('maru.else', 'kept')
  forgetAsideChoices(storage, 'me')
  expect(loadAsideChoice(storage, room('room-1', 'another'))).toEqual(['a'])
  expect(storage.length).toBe(2)
})
