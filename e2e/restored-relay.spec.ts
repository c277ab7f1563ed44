// A relay that is restored from an old copy: what it lost comes back from the devices of those who wrote it, and until then it says so.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { en } from '../src-renderer/texts/en.ts'
import { askAs, edit, message, react, shown, storedMessages } from './acts.ts'
import { expect, test } from './fixtures.ts'

const ROOM = 'Hall'

// Browsers of several people on one machine: a loaded one takes its time.
test.describe.configure({ timeout: 150_000 })

test('[S10.5] lost messages come back by themselves, others’ are marked until their author is back, nothing doubles', async ({
  world
}) => {
  const { relay } = world
  const copy = await mkdtemp(join(tmpdir(), 'maru-old-copy-'))
  const ben = await world.open('shell')
  await ben.client.signUp('Ben')
  const ann = await world.open('shell')
  await ann.client.signUp('Ann')
  await ann.client.createRoom(ROOM, ['Ben'])
  await ann.client.send('kept', 'kept too')
  await ben.client.openRoom(ROOM)
  await expect.poll(async () => ben.client.messages(ROOM)).toEqual(['kept', 'kept too'])
  await expect(ann.client.waiting(ROOM)).toHaveCount(0)

  await relay.stop('SIGTERM')
  await relay.copyDataTo(copy)
  await relay.start()
  for (const { client } of [ann, ben]) await client.badge(en.connection.connected)
  await ann.client.send('lost by Ann')
  await expect(message(ben.client.page, 'lost by Ann')).toBeVisible()
  await ben.client.send('lost by Ben')
  await expect(message(ann.client.page, 'lost by Ben')).toBeVisible()
  await edit(ann.client.page, 'kept', 'kept, and changed')
  await expect(message(ben.client.page, 'kept, and changed')).toBeVisible()
  await react(ann.client.page, 'kept too', '👍')
  await expect(message(ben.client.page, 'kept too').getByRole('button', { name: /^👍/ })).toBeVisible()
  for (const { client } of [ann, ben]) await expect(client.waiting(ROOM)).toHaveCount(0)

  await ben.link.cut()
  await relay.stop('SIGTERM')
  await relay.restoreDataFrom(copy)
  await relay.start()
  await rm(copy, { recursive: true })
  const onlyHere = message(ann.client.page, 'lost by Ben').getByText(en.timeline.onlyHere)
  await expect(onlyHere).toBeVisible({ timeout: 40_000 })
  await expect(ann.client.waiting(ROOM)).toHaveCount(0, { timeout: 20_000 })
  await expect(message(ann.client.page, 'lost by Ann')).not.toContainText(en.timeline.onlyHere)

  await ben.link.heal()
  await expect(onlyHere).toHaveCount(0, { timeout: 40_000 })
  const all = [
    { text: 'kept, and changed', reactions: [] },
    { text: 'kept too', reactions: ['👍1'] },
    { text: 'lost by Ann', reactions: [] },
    { text: 'lost by Ben', reactions: [] }
  ]
  for (const { client } of [ann, ben]) {
    await expect.poll(async () => shown(client.page), { timeout: 20_000 }).toEqual(all)
    await expect(client.waiting(ROOM)).toHaveCount(0)
    await expect(client.page.getByText(en.timeline.onlyHere)).toHaveCount(0)
  }
  const roomId = new URL(ann.client.page.url()).hash.split('/').at(-1) ?? ''
  const stored = await storedMessages(await askAs(ben.client.page, relay.url), roomId)
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, at) => at + 1))
  const written = stored.filter(({ kind }) => kind === 'text').map(({ body }) => body)
  expect(written).toEqual(all.map(({ text }) => text))
})
