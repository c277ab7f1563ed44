// What messages say and where they lead: marks, mentions, long ones, links to messages near and far, a finger that rests on one.
import type { Locator, Page } from '@playwright/test'
import { askAs, choose, message, storedMessages } from './acts.ts'
import type { Ask } from './acts.ts'
import { expect, test } from './fixtures.ts'
import { en } from '../src-renderer/texts/en.ts'

const ROOM = 'Garden'

const body = (page: Page, words: string): Locator =>
  page.getByRole('log').getByTestId('message-body').filter({ hasText: words })

/** Once the relay knows it. */
async function roomIdOf(ask: Ask): Promise<string> {
  let roomId = ''
  const find = async () => {
    const { rooms } = await ask<{ rooms: { id: string; name: string }[] }>('/rooms')
    roomId = rooms.find(({ name }) => name === ROOM)?.id ?? ''
    return roomId
  }
  await expect.poll(find).not.toBe('')
  return roomId
}

async function say(ask: Ask, roomId: string, words: string, more: object = {}): Promise<{ id: string; seq: number }> {
  const { message } = await ask<{ message: { id: string; seq: number } }>(`/rooms/${roomId}/messages`, {
    id: crypto.randomUUID(),
    body: words,
    ...more
  })
  return message
}

const TOP_OF_LOG_PX = 60

/** Where a message stands below the top of the log, in px. */
async function topOf(page: Page, words: string): Promise<number> {
  const [log, at] = [await page.getByRole('log').boundingBox(), await body(page, words).boundingBox()]
  if (!log || !at) throw new Error(`${words} is not drawn`)
  return at.y - log.y
}

test('marks are read, nothing else becomes markup, and links open outside', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  const { page } = client
  await client.createRoom(ROOM, [])
  await client.send('**"굵게"**는 *기울임*, ~~취소~~, `code`', '- 쌀\n- **국**', '> 인용\n답')
  await expect(body(page, '굵게').locator('strong')).toHaveText('"굵게"')
  await expect(body(page, '굵게').locator('em')).toHaveText('기울임')
  await expect(body(page, '굵게').locator('s')).toHaveText('취소')
  await expect(body(page, '굵게').locator('code')).toHaveText('code')
  await expect(body(page, '쌀').getByRole('listitem')).toHaveText(['쌀', '국'])
  await expect(body(page, '인용').locator('blockquote')).toHaveText('인용')

  await client.send('<img src=x onerror="document.title=1"> ![x](https://example.com/x.png) **<b>no</b>**')
  await expect(body(page, 'onerror').locator('strong')).toHaveText('<b>no</b>')
  await expect(body(page, 'onerror').locator('img')).toHaveCount(0)

  await client.send('[here](https://example.com/a) and [not](javascript:alert(1))')
  const links = body(page, 'here').getByRole('link')
  await expect(links).toHaveCount(1)
  await expect(links).toHaveAttribute('target', '_blank')
  await expect(links).toHaveAttribute('rel', 'noopener noreferrer')
})

test('a block of code can be copied as it was written', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  const { page } = client
  await client.createRoom(ROOM, [])
  await client.send('```ts\nconst a = `b`\n\n  c()\n```')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: en.timeline.copyCode }).click()
  await expect(page.getByRole('button', { name: en.timeline.codeCopied })).toBeVisible()
  expect(await page.evaluate(async () => navigator.clipboard.readText())).toBe('const a = `b`\n\n  c()')
})

test('a long message is folded; unfolding it moves nothing that is read', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  const { page } = client
  await page.setViewportSize({ width: 1000, height: 700 })
  await client.createRoom(ROOM, [])
  await client.send('before', Array.from({ length: 60 }, (_, at) => `line ${at + 1}`).join('\n'), 'after')
  await expect(message(page, 'after').getByLabel(en.timeline.accepted)).toBeVisible()
  const before = await topOf(page, 'line 1')
  await page.getByRole('button', { name: en.timeline.showAll }).click()
  const fold = page.getByRole('button', { name: en.timeline.showLess })
  await expect(fold).toBeAttached()
  expect(Math.abs((await topOf(page, 'line 1')) - before)).toBeLessThanOrEqual(0)
  await fold.click()
  await expect(page.getByRole('button', { name: en.timeline.showAll })).toBeVisible()
})

test('a link to a message leads there, from the device or from the relay', async ({ world }) => {
  const [minji, joon] = [await world.arrive('relay', 'Minji'), await world.arrive('relay', 'Joon')]
  const { page } = minji.client
  await page.setViewportSize({ width: 1000, height: 700 })
  await minji.client.createRoom(ROOM, ['Joon'])
  const ask = await askAs(page, `http://127.0.0.1:${minji.link.port}`)
  const roomId = await roomIdOf(ask)
  const far = await say(ask, roomId, 'far up')
  for (let from = 0; from < 700; from += 50) {
    await Promise.all(Array.from({ length: 50 }, async (_, at) => say(ask, roomId, `line ${from + at}`)))
  }
  await say(ask, roomId, 'the newest')
  await say(ask, roomId, `http://127.0.0.1:${minji.link.port}/#/room/${roomId}/message/${far.seq}`)

  await page.getByRole('log').getByRole('link').click()
  await expect(body(page, 'far up')).toBeInViewport()
  expect(await topOf(page, 'far up')).toBeGreaterThan(0)
  await expect(page).toHaveURL(new RegExp(`#/room/${roomId}$`))
  await page.getByRole('button', { name: en.timeline.toEnd }).or(page.locator('[data-new="true"]')).click()
  await expect(body(page, 'the newest')).toBeInViewport()

  // Own words bring back to the end.
  await page.getByRole('log').getByRole('link').click()
  await expect(body(page, 'far up')).toBeInViewport()
  await minji.client.send('and here I am')
  await expect(body(page, 'and here I am')).toBeInViewport()

  // From another room: the message has the focus, not the field; whether it is far up or in view.
  for (const words of ['far up', 'and here I am']) {
    const seq =
      words === 'far up' ? far.seq : (await storedMessages(ask, roomId)).find((said) => said.body === words)?.seq
    if (words === 'far up') await minji.client.createRoom('Kitchen', [])
    else await minji.client.openRoom('Kitchen')
    const link = `http://127.0.0.1:${minji.link.port}/#/room/${roomId}/message/${seq}`
    await minji.client.send(link)
    await minji.client.timeline('Kitchen').getByRole('link', { name: link, exact: true }).click()
    await expect(minji.client.timeline(ROOM)).toBeVisible()
    await expect(body(page, words)).toBeInViewport()
    await expect(page.locator('[data-message]:focus').filter({ hasText: words })).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`#/room/${roomId}$`))
  }

  // Copied from the menu, opened on a device that holds nothing of it yet.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await choose(page, 'the newest', en.timeline.copyLink)
  const copied = await page.evaluate(async () => navigator.clipboard.readText())
  expect(copied).toMatch(new RegExp(`/#/room/${roomId}/message/\\d+$`))
  await joon.client.page.evaluate((hash) => {
    window.location.hash = hash
  }, `#/room/${roomId}/message/${far.seq}`)
  await expect(body(joon.client.page, 'far up')).toBeInViewport()
  // Reading on from there leads down to the newest.
  await joon.client.page.evaluate((hash) => {
    window.location.hash = hash
  }, `#/room/${roomId}/message/99999`)
  await expect(joon.client.page.getByText(en.timeline.placeMissing)).toBeVisible()
})

test('an answer leads to a message thousands of lines up', async ({ world }) => {
  const { client, link } = await world.arrive('relay', 'Minji')
  const { page } = client
  await client.createRoom(ROOM, [])
  const ask = await askAs(page, `http://127.0.0.1:${link.port}`)
  const roomId = await roomIdOf(ask)
  const question = await say(ask, roomId, 'who brings the rice?')
  for (let from = 0; from < 800; from += 50) {
    await Promise.all(Array.from({ length: 50 }, async (_, at) => say(ask, roomId, `line ${from + at}`)))
  }
  await say(ask, roomId, 'I do', { replyTo: question.id })
  await page.getByRole('button', { name: en.timeline.showQuoted(en.you) }).click()
  await expect(body(page, 'who brings the rice?')).toBeInViewport()
  expect(await topOf(page, 'who brings the rice?')).toBeGreaterThan(TOP_OF_LOG_PX)

  // The line that names the day leads to other days.
  await page.getByRole('log').getByTitle(en.timeline.goToDay).click()
  const dialog = page.getByRole('dialog', { name: en.timeline.goToDay })
  await expect(dialog.getByLabel(en.timeline.day)).not.toHaveValue('')
  await dialog.getByRole('button', { name: en.timeline.go, exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText(en.timeline.beginning)).toBeInViewport()
})

test('who is named in a message stands out, oneself most of all', async ({ world }) => {
  const [minji, joon] = [await world.arrive('relay', 'Minji'), await world.arrive('relay', 'Joon')]
  await minji.client.createRoom(ROOM, ['Joon'])
  const ask = await askAs(minji.client.page, `http://127.0.0.1:${minji.link.port}`)
  const roomId = await roomIdOf(ask)
  const { users } = await ask<{ users: { id: string }[] }>('/users')
  await say(ask, roomId, '**@Joon**이랑 @Minji, @Nobody', { mentions: users.map(({ id }) => id) })
  await say(ask, roomId, 'not so here: @Joon')
  await joon.client.openRoom(ROOM)
  const { page } = joon.client
  await expect(body(page, 'Nobody').getByTestId('mention')).toHaveText(['@Joon', '@Minji'])
  await expect(body(page, 'Nobody').locator('[data-own="true"]')).toHaveText('@Joon')
  await expect(body(page, 'not so here').getByTestId('mention')).toHaveCount(0)
})
