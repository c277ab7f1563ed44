// What client.tsx says to zod before it is loaded, so that the page tries no `new Function`: by a name that zod reads.
import { expect, it } from 'vitest'

it('keeps zod from making functions of text', async () => {
  const sources = import.meta.glob<string>('./client.tsx', { query: '?raw', import: 'default', eager: true })
  const said = /Object\.assign\(globalThis, (\{.*\})\)/.exec(sources['./client.tsx'] ?? '')?.[1]
  expect(said).toBe('{ __zod_globalConfig: { jitless: true } }')
  Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
  const { z } = await import('zod')
  expect(z.config().jitless).toBe(true)
})
