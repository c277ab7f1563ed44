// A long room on a new device: the newest page first, the rest by scrolling up.
import { newId } from '../protocol/values.ts'
import { en } from '../src-renderer/texts/en.ts'
import { PASSWORD } from './client.ts'
import { expect, test } from './fixtures.ts'

const COUNT = 1_000

test('[S9] back through 1,000 messages by pages, each once and in order', async ({ world }) => {
  const { relay } = world
  const call = async (path: string, body: unknown, token?: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${relay.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body)
    })
    expect(answer.status).toBe(201)
    return (await answer.json()) as Record<string, unknown>
  }
  const account = { username: 'minji', password: PASSWORD, displayName: 'Minji' }
  const token = String((await call('/accounts', account))['token'])
  const roomId = newId()
  await call('/rooms', { id: roomId, kind: 'group', name: 'Long' }, token)
  for (let number = 1; number <= COUNT; number++) {
    await call(`/rooms/${roomId}/messages`, { id: newId(), body: `message ${number}` }, token)
  }

  const { client } = await world.open('relay')
  await client.signIn('Minji')
  await client.seesRooms()
  await client.openRoom('Long')
  const log = client.timeline('Long')
  await expect(log.getByText(`message ${COUNT}`, { exact: true })).toBeInViewport()

  const found = new Set<string>()
  await log.hover()
  await expect(async () => {
    const drawn = await client.messages('Long')
    const numbers = drawn.map((text) => Number(text.replace('message ', '')))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    for (const text of drawn) found.add(text)
    await client.page.mouse.wheel(0, -800)
    expect(drawn).toContain('message 1')
  }).toPass({ timeout: 50_000, intervals: [50] })
  await expect(log.getByText(en.timeline.beginning)).toBeVisible()
  const missing = Array.from({ length: COUNT }, (_, index) => `message ${index + 1}`).filter((text) => !found.has(text))
  expect(missing).toEqual([])
})
