import { describe, expect, it } from 'vitest'
import { actOf } from './keys.ts'

const none = {
  key: '',
  code: '',
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false
}

describe('keys that work everywhere', () => {
  it.each([
    [{ key: 'k', code: 'KeyK', ctrlKey: true }, 'switcher'],
    [{ key: 'k', code: 'KeyK', metaKey: true }, 'switcher'],
    [{ key: 'ㅏ', code: 'KeyK', ctrlKey: true }, 'switcher'],
    [{ key: 't', code: 'KeyK', ctrlKey: true }, null],
    [{ key: '/', code: 'Slash', ctrlKey: true }, 'sheet'],
    [{ key: 'ArrowUp', altKey: true }, 'room-up'],
    [{ key: 'ArrowDown', altKey: true }, 'room-down'],
    [{ key: 'ArrowUp', altKey: true, shiftKey: true }, 'unread-up'],
    [{ key: 'ArrowDown', altKey: true, shiftKey: true }, 'unread-down'],
    [{ key: 'Escape' }, 'mark-read'],
    [{ key: 'Escape', shiftKey: true }, 'mark-all-read'],
    [{ key: 'k', code: 'KeyK' }, null],
    [{ key: 'k', code: 'KeyK', ctrlKey: true, shiftKey: true }, null],
    [{ key: 'ArrowUp' }, null]
  ] as const)('%j: %s', (key, act) => {
    expect(actOf({ ...none, ...key })).toBe(act)
  })

  it('are the input method’s while something is being composed', () => {
    for (const key of [
      { key: 'k', code: 'KeyK', ctrlKey: true },
      { key: 'Escape' },
      { key: 'ArrowUp', altKey: true }
    ]) {
      expect(actOf({ ...none, ...key, isComposing: true })).toBe(null)
      expect(actOf({ ...none, ...key, keyCode: 229 })).toBe(null)
    }
  })
})
