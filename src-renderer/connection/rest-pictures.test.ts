// Pictures by REST: with the token, as bytes, and a relay's refusal as what it is.
import { expect, test, vi } from 'vitest'
import { picture } from './rest-pictures.ts'

const name = { of: 'room', id: 'room-1', hash: 'a'.repeat(32) } as const
const answering = (body: BodyInit, status = 200) => vi.fn<typeof fetch>(async () => new Response(body, { status }))

test('is asked for by owner and hash, and comes in base64', async () => {
  const fetch = answering(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]))
  expect(await picture('http://relay.test', 'secret', name, { fetch })).toBe('iVBOR/8A')
  const [url, request] = fetch.mock.calls[0]!
  expect(url).toBe(`http://relay.test/api/v1/rooms/room-1/avatar/${name.hash}`)
  expect(request?.headers).toMatchObject({ authorization: 'Bearer secret' })
})

test('a refusal keeps its code; nothing at all and far too much are no picture', async () => {
  const problem = { type: 'urn:maru:error:avatar-not-found', code: 'avatar-not-found', message: 'gone' }
  const ask = (fetch: typeof globalThis.fetch) => picture('http://relay.test', 'secret', name, { fetch })
  await expect(ask(answering(JSON.stringify(problem), 404))).rejects.toMatchObject({ code: 'avatar-not-found' })
  await expect(ask(answering(''))).rejects.toMatchObject({ code: 'not-a-relay' })
  await expect(ask(answering(new Uint8Array(1_000_000)))).rejects.toMatchObject({ code: 'not-a-relay' })
})
