// The pieces of the typeface that come first are those of the package, character by character.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './setup.mjs'

/** @param {string} path of a style sheet. Returns the characters of each piece, by its number. */
function rangesIn(path) {
  const faces = readFileSync(join(root, path), 'utf8').matchAll(/subset\.(\d+)\.woff2[^;]*;\s*unicode-range:([^;]*);/gu)
  return new Map([...faces].map(([, number, range]) => [number, range?.split(',').map((each) => each.trim())]))
}

it('the first pieces name the characters that the package names', () => {
  const first = rangesIn('src-renderer/ui/first-faces.css')
  const all = rangesIn('node_modules/pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css')
  expect([...first.keys()]).toEqual(['90', '91'])
  for (const [number, range] of first) expect(range).toEqual(all.get(number))
})
