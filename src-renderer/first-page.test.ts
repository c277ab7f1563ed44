// What is loaded before a room can be read: by the imports of the sources, whatever a build makes of them.
import { expect, it } from 'vitest'
import { keepFromEval } from './platform/keep-from-eval.ts'

const sources = import.meta.glob<string>(['./**/*.{ts,tsx}', '../protocol/*.ts'], {
  query: '?raw',
  import: 'default',
  eager: true
})
const IMPORT = /^(?:import|export) (?!type )(?:[^'"]*? from )?'([^']+)'/gmu

/** What these files load, packages by their names, each with the way to it. */
function loadedBy(...files: string[]): ReadonlyMap<string, string> {
  const ways = new Map(files.map((file) => [file, file]))
  for (const [file, way] of ways) {
    for (const [, to = ''] of (sources[file] ?? '').matchAll(IMPORT)) {
      const name = to.startsWith('.') ? new URL(to, `https://x/src-renderer/${file}`).pathname.slice(1) : to
      const path = name.startsWith('src-renderer/')
        ? `./${name.slice('src-renderer/'.length)}`
        : name.replace(/^protocol/, '../protocol')
      if (!ways.has(path)) ways.set(path, `${path} < ${way}`)
    }
  }
  return ways
}
const slow = /^(?:zod|rxdb|dexie|socket\.io-client)(?:\/|$)/u

it('the first page waits for no store, no connection and no schema', () => {
  const loaded = loadedBy('./main.tsx', './client.tsx')
  expect(loaded.has('react-dom/client')).toBe(true)
  expect([...loaded].filter(([path]) => slow.test(path))).toEqual([])
})

it('its first script waits for nothing that is not its own', () => {
  const packages = [...loadedBy('./first.ts').keys()].filter((path) => !path.startsWith('.'))
  expect(packages).toEqual(['@noble/hashes/sha2.js', '@noble/hashes/utils.js'])
})

it('what is said to zod before it is there keeps it from making functions of text, and so it does after', async () => {
  keepFromEval(globalThis)
  const { z } = await import('zod')
  expect(z.config().jitless).toBe(true)
  z.config({ jitless: false })
  keepFromEval(globalThis)
  expect(z.config().jitless).toBe(true)
})
