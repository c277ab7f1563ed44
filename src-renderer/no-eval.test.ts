// What client.tsx says to zod before it is loaded, so that the page tries no `new Function`: by a name that zod reads.
import { expect, it } from 'vitest'
import client from './client.tsx?raw'

it('keeps zod from making functions of text', async () => {
  const said = /Object\.assign\(globalThis, (\{.*\})\)/.exec(client)?.[1]
  expect(said).toBe('{ __zod_globalConfig: { jitless: true } }')
  Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
  const { z } = await import('zod')
  expect(z.config().jitless).toBe(true)
})
