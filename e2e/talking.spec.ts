// First light: two people, one relay, and cables and processes that fail.
import { rowsOf } from './acts.ts'
import { expect, KEPT, test } from './fixtures.ts'
import type { Person, World } from './fixtures.ts'
import { lan, loopback } from './places.ts'
import { en } from '../src-renderer/texts/en.ts'

const ROOM = 'Hall'

/** Minji and Joon, each with a browser, in one room that both look at. */
async function twoPeople(world: World): Promise<{ minji: Person; joon: Person }> {
  const joon = await world.arrive('shell', 'Joon')
  const minji = await world.arrive('shell', 'Minji')
  await minji.client.createRoom(ROOM, ['Joon'])
  await joon.client.openRoom(ROOM)
  return { minji, joon }
}

const seen = (person: Person) => async () => person.client.messages(ROOM)
const numbered = (word: string, count: number) => Array.from({ length: count }, (_, index) => `${word} ${index + 1}`)

for (const place of [loopback, lan]) {
  test.describe(place.name, () => {
    test.use({ place })

    test('two people talk both ways', async ({ world }) => {
      const { minji, joon } = await twoPeople(world)
      await minji.client.send('안녕, Joon')
      await expect.poll(seen(joon)).toEqual(['안녕, Joon'])
      await joon.client.send('안녕!', 'How are you?')
      await minji.client.send('👩‍👩‍👧 <b>fine</b> & well')
      const all = ['안녕, Joon', '안녕!', 'How are you?', '👩‍👩‍👧 <b>fine</b> & well']
      await expect.poll(async () => (await minji.client.messages(ROOM)).toSorted()).toEqual(all.toSorted())
      // Who was faster is the relay's to say; both must say the same.
      const order = await minji.client.messages(ROOM)
      await expect.poll(seen(joon)).toEqual(order)
      await expect(minji.client.waiting(ROOM)).toHaveCount(0)
      await minji.client.badge(en.connection.connected)
    })

    test(
      'a cut cable and a restart: history is there, what waits is sent once and in order',
      { tag: KEPT },
      async ({ world }) => {
        const { minji, joon } = await twoPeople(world)
        await minji.client.send('before')
        await expect.poll(seen(joon)).toEqual(['before'])

        await minji.link.cut()
        await minji.client.badge(en.connection.waiting.unreachable)
        await minji.client.send('one', 'two', 'three')
        await expect.poll(seen(minji)).toEqual(['before', 'one', 'two', 'three'])
        await expect(minji.client.waiting(ROOM)).toHaveCount(3)

        await minji.client.restart()
        await minji.client.openRoom(ROOM)
        await expect.poll(seen(minji)).toEqual(['before', 'one', 'two', 'three'])
        await expect(minji.client.waiting(ROOM)).toHaveCount(3)
        await joon.client.send('meanwhile')
        await expect.poll(seen(joon)).toEqual(['before', 'meanwhile'])
        await expect(joon.client.waiting(ROOM)).toHaveCount(0)

        await minji.link.heal()
        const all = ['before', 'meanwhile', 'one', 'two', 'three']
        await expect.poll(seen(joon), { timeout: 40_000 }).toEqual(all)
        await expect.poll(seen(minji)).toEqual(all)
        await expect(minji.client.waiting(ROOM)).toHaveCount(0)
      }
    )

    test('a relay killed in the middle of a burst: nothing lost, nothing doubled', async ({ world }) => {
      const { minji, joon } = await twoPeople(world)
      const burst = numbered('burst', 30)
      await minji.client.send(...burst.slice(0, 12))
      const killed = world.relay.kill()
      await minji.client.send(...burst.slice(12, 20))
      await killed
      await world.relay.start()
      await minji.client.send(...burst.slice(20))
      await expect.poll(seen(joon), { timeout: 40_000 }).toEqual(burst)
      await expect.poll(seen(minji)).toEqual(burst)
      await expect(minji.client.waiting(ROOM)).toHaveCount(0)
    })
  })
}

test('[S2.1] a push whose answer was lost is sent again after a restart of the relay, and happens once', async ({
  world
}) => {
  const { minji, joon } = await twoPeople(world)
  await minji.client.send('hello')
  await expect.poll(seen(joon)).toEqual(['hello'])
  // Whatever was done before has its answer, the mark at the last message too, which comes a moment after that: it is the message whose answer is lost.
  const isRead = async () => {
    const rows = await rowsOf(minji.client.page, /-records-.*--(?:memberships|messages)$/)
    const last = Math.max(...rows.map(({ seq }) => Number(seq ?? 0)))
    return rows.some(({ type, readSeq }) => type === 'membership' && readSeq === last)
  }
  await expect.poll(isRead).toBe(true)
  const underWay = async () => (await rowsOf(minji.client.page, /-own-.*--outbox$/)).filter(({ entry }) => entry).length
  await expect.poll(underWay).toBe(0)
  minji.link.loseAnswers()
  await minji.client.send('stored, but nobody told me')
  // The relay has it: Joon sees it. Minji's device has heard nothing.
  await expect.poll(seen(joon)).toEqual(['hello', 'stored, but nobody told me'])
  await expect.poll(() => minji.link.lostBytes).toBeGreaterThan(0)
  await expect(minji.client.waiting(ROOM)).toHaveCount(1)

  await minji.link.cut()
  await world.relay.kill()
  await world.relay.start()
  await minji.link.heal()
  await expect(minji.client.waiting(ROOM)).toHaveCount(0, { timeout: 40_000 })
  await minji.client.send('and on')
  const all = ['hello', 'stored, but nobody told me', 'and on']
  await expect.poll(seen(joon), { timeout: 40_000 }).toEqual(all)
  await expect.poll(seen(minji)).toEqual(all)
})
