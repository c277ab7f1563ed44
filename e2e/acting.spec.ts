// What people do with messages and rooms besides writing: answer, react, edit, delete, rename, mark as read. With and without the relay.
import { newId } from '../protocol/values.ts'
import { askAs } from './acts.ts'
import type { Client } from './client.ts'
import { expect, KEPT, test } from './fixtures.ts'
import type { World } from './fixtures.ts'
import { lan } from './places.ts'
import { en } from '../src-renderer/texts/en.ts'

const ROOM = 'Hall'

async function twoPeople(world: World) {
  const ben = await world.arrive('shell', 'Ben')
  const ann = await world.arrive('shell', 'Ann')
  await ann.client.createRoom(ROOM, ['Ben'])
  await ben.client.openRoom(ROOM)
  return { ann, ben }
}

/** A message by its text, in whatever room is open. */
const message = ({ page }: Client, text: string) =>
  page
    .getByRole('log')
    .getByRole('article')
    .filter({ has: page.getByTestId('message-body').filter({ hasText: text }) })

const tombstones = ({ page }: Client) => page.getByRole('log').getByText(en.timeline.deleted, { exact: true })

async function openMenu(client: Client, text: string): Promise<void> {
  await message(client, text).getByTestId('message-body').click({ button: 'right' })
}

async function choose(client: Client, text: string, action: string): Promise<void> {
  await openMenu(client, text)
  await client.page.getByRole('menuitem', { name: action, exact: true }).click()
}

async function react(client: Client, text: string, emoji: string): Promise<void> {
  await openMenu(client, text)
  await client.page.getByRole('menuitemcheckbox', { name: en.timeline.reactWith(emoji) }).click()
}

async function remove(client: Client, text: string): Promise<void> {
  await choose(client, text, en.timeline.delete)
  await client.page.getByRole('dialog').getByRole('button', { name: en.timeline.delete }).click()
}

test('an answer, a reaction, an edit and a deletion are seen by both', async ({ world }) => {
  const { ann, ben } = await twoPeople(world)
  await ann.client.send('who brings the rice?')
  await choose(ben.client, 'who brings the rice?', en.timeline.reply)
  await ben.client.send('I do, and the chairs')
  const quote = message(ann.client, 'I do, and the chairs').getByRole('button', {
    name: en.timeline.showQuoted(en.you)
  })
  await expect(quote).toContainText('who brings the rice?')

  await react(ann.client, 'I do, and the chairs', '🙏')
  await message(ben.client, 'I do, and the chairs').getByRole('button', { name: '🙏 Ann' }).click()
  await expect(message(ann.client, 'I do, and the chairs').getByRole('button', { name: '🙏 You, Ben' })).toBeVisible()

  await ben.client.composer.press('ArrowUp')
  await expect(ben.client.composer).toHaveValue('I do, and the chairs')
  await ben.client.send('I do, and the tables')
  await expect(message(ann.client, 'I do, and the tables')).toContainText(en.timeline.edited)

  await remove(ann.client, 'who brings the rice?')
  await expect(tombstones(ben.client)).toHaveCount(2) // the message, and its quote
  await expect(ben.client.page.getByRole('log').getByText('who brings the rice?')).toHaveCount(0)
})

test('all of it waits without the relay, is there after a restart, and arrives', { tag: KEPT }, async ({ world }) => {
  const { ann, ben } = await twoPeople(world)
  await ann.client.send('first', 'second')
  await expect(message(ben.client, 'second')).toBeVisible()
  await ben.link.cut()
  await ben.client.badge(en.connection.waiting.unreachable)

  await choose(ben.client, 'first', en.timeline.reply)
  await ben.client.send('an answer')
  await react(ben.client, 'second', '👍')
  await ben.client.send('with a tpyo')
  await choose(ben.client, 'with a tpyo', en.timeline.edit)
  await ben.client.send('without a typo')
  await ben.client.send('never mind')
  await remove(ben.client, 'never mind')
  await ben.client.page.getByRole('button', { name: en.room.menu }).click()
  await ben.client.page.getByRole('menuitem', { name: en.room.rename }).click()
  await ben.client.page.getByLabel(en.newRoom.name).fill('Great hall')
  await ben.client.page.getByRole('button', { name: en.save }).click()

  const seesAll = async (client: Client, name: string) => {
    await expect(client.page.getByRole('heading', { name: 'Great hall' })).toBeVisible()
    await expect(message(client, 'an answer').getByRole('button', { name: en.timeline.showQuoted(name) })).toBeVisible()
    await expect(message(client, 'second').getByRole('button', { name: /^👍/ })).toBeVisible()
    await expect(message(client, 'without a typo')).toBeVisible()
    await expect(message(client, 'without a typo')).not.toContainText(en.timeline.edited)
    await expect(message(client, 'never mind')).toHaveCount(0)
    await expect(tombstones(client)).toHaveCount(0)
  }
  await seesAll(ben.client, 'Ann')
  await ben.client.restart()
  await ben.client.openRoom('Great hall')
  await seesAll(ben.client, 'Ann')
  await expect(ben.client.page.getByRole('button', { name: /waiting to send/ }).first()).toBeVisible()

  await ben.link.heal()
  await seesAll(ann.client, en.you)
  await ben.client.badge(en.connection.connected)
  await expect(ben.client.page.getByRole('button', { name: /waiting to send/ })).toHaveCount(0)
})

test('what waits can be taken back one by one, and is never sent', async ({ world }) => {
  const { ann, ben } = await twoPeople(world)
  await ann.client.send('hello')
  await expect(message(ben.client, 'hello')).toBeVisible()
  await ben.link.cut()
  await ben.client.send('keep', 'drop')
  await react(ben.client, 'hello', '👍')
  await ben.client.page
    .getByRole('button', { name: en.outbox.open(3) })
    .first()
    .click()
  const outbox = ben.client.page.getByRole('dialog', { name: en.outbox.title })
  await outbox.getByRole('button', { name: en.outbox.cancelLabel('drop') }).click()
  await outbox.getByRole('button', { name: en.outbox.cancelLabel('hello') }).click()
  await expect(outbox.getByText('drop')).toHaveCount(0)
  await expect(outbox.getByText('hello')).toHaveCount(0)
  await expect(outbox.getByText('keep')).toBeVisible()
  await ben.client.page.keyboard.press('Escape')
  await expect(message(ben.client, 'drop')).toHaveCount(0)
  await expect(message(ben.client, 'hello').getByRole('button', { name: /👍/ })).toHaveCount(0)

  await ben.link.heal()
  await expect(message(ann.client, 'keep')).toBeVisible()
  await expect(message(ann.client, 'drop')).toHaveCount(0)
  await expect(message(ann.client, 'hello').getByRole('button', { name: /👍/ })).toHaveCount(0)
})

test('a message is forwarded by keyboard, to several at once, without the relay', async ({ world }) => {
  const { ann, ben } = await twoPeople(world)
  const { page } = ben.client
  await ann.client.send('the rice is here')
  await expect(message(ben.client, 'the rice is here')).toBeVisible()
  await ben.link.cut()
  await message(ben.client, 'the rice is here').focus()
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitem', { name: en.forward.action, exact: true })
  await item.press('Enter')
  const forward = page.getByRole('dialog', { name: en.forward.title })
  await expect(forward.getByRole('combobox')).toBeFocused()
  for (const words of ['ann', 'notes']) {
    await page.keyboard.insertText(words)
    await page.keyboard.press('Enter')
  }
  await forward.getByLabel(en.forward.own).fill('have you seen?')
  await page.keyboard.press('Enter')
  await expect(forward).toHaveCount(0)
  await expect(page.getByText(en.forward.done(['', '']))).toBeVisible()
  await expect(message(ben.client, 'the rice is here')).toBeFocused()
  await ben.client.openRoom(en.roomList.notes)
  await expect(message(ben.client, 'the rice is here')).toBeVisible()

  await ben.link.heal()
  await ann.client.openRoom('Ben')
  await expect(ann.client.page.getByRole('log').getByTestId('message-body')).toHaveText([
    'have you seen?',
    'the rice is here'
  ])
})

test('[S12] what was not looked at is unread, on every device, until somebody looks', async ({ world }) => {
  const { ann, ben } = await twoPeople(world)
  await ann.client.createRoom('Garden', ['Ben'])
  const phone = await world.open('shell')
  await phone.client.signIn('Ben')
  const link = ({ page }: Client) => page.getByRole('link', { name: 'Garden' })
  await ann.client.send('one', 'two', 'three')
  for (const { client } of [ben, phone]) await expect(link(client)).toContainText(en.rooms.unread('3'))
  await phone.client.openRoom('Garden')
  await expect(link(ben.client)).not.toContainText('unread')
  await expect(link(phone.client)).not.toContainText('unread')

  await choose(phone.client, 'two', en.timeline.markUnread)
  await expect(link(ben.client)).toContainText(en.rooms.unread('2'))
  await ben.client.openRoom('Garden')
  await expect(ben.client.page.getByText(en.timeline.unreadLine)).toBeVisible()
  await expect(link(phone.client)).not.toContainText('unread')
})

test('[S12] a room that is pressed is drawn unseen: it is read once it was chosen, and what came in between is there', async ({
  world
}) => {
  const { ann, ben } = await twoPeople(world)
  await ann.client.createRoom('Garden', ['Ben'])
  await ann.client.send('one')
  await ben.client.createRoom('Kitchen', [])
  const { page } = ben.client
  const link = page.getByRole('link', { name: 'Garden' })
  await expect(link).toContainText(en.rooms.unread('1'))
  const drawn = page.locator('main [role="log"]')
  // A press that leaves the link would drag it, and the browser may be busy with that when the next one comes.
  await page.evaluate(() => document.addEventListener('dragstart', (event) => event.preventDefault()))
  await link.hover()
  await page.mouse.down()
  await expect(drawn).toHaveCount(2)
  await expect(drawn.getByText('one', { exact: true })).toBeHidden()
  await ann.client.send('two')
  await expect(link).toContainText(en.rooms.unread('2'))
  await page.mouse.move(600, 300)
  await page.mouse.up()
  await expect(drawn).toHaveCount(1)
  await expect(ben.client.timeline('Kitchen')).toBeVisible()
  await expect(link).toContainText(en.rooms.unread('2'))

  await link.hover()
  await page.mouse.down()
  await expect(drawn).toHaveCount(2)
  await ann.client.send('three')
  await expect(link).toContainText(en.rooms.unread('3'))
  await page.mouse.up()
  const garden = ben.client.timeline('Garden')
  await expect(garden.getByTestId('message-body')).toHaveText(['one', 'two', 'three'])
  await expect(garden.getByText(en.timeline.unreadLine)).toBeVisible()
  await expect(drawn).toHaveCount(1)
  await expect(link).not.toContainText('unread')
  await expect(page.locator('main textarea')).toBeFocused()
})

test('a message is reached and acted on by keyboard alone', async ({ world }) => {
  const { ann } = await twoPeople(world)
  const { page } = ann.client
  await ann.client.send('one', 'two')
  await expect(message(ann.client, 'two')).toBeVisible()
  await page.getByRole('log').focus()
  await page.keyboard.press('Tab')
  await expect(message(ann.client, 'two')).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(message(ann.client, 'one')).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(message(ann.client, 'one').getByRole('button', { name: '👍 You' })).toBeVisible()
  await expect(message(ann.client, 'one')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(ann.client.composer).toBeFocused()
})

test('the tools of a message: its menu opens there, and whoever answers or edits can write at once', async ({
  world
}) => {
  const { ann, ben } = await twoPeople(world)
  const { page } = ann.client
  await ben.client.send('one', 'two', 'three')
  const two = message(ann.client, 'two')
  await two.hover()
  await two.getByRole('button', { name: en.timeline.more }).click()
  const menu = page.getByRole('menu')
  await menu.hover()
  const [at, opened] = [await two.boundingBox(), await menu.boundingBox()]
  if (!at || !opened) throw new Error('both are drawn')
  expect(Math.abs(opened.y - at.y)).toBeLessThan(80)
  expect(opened.x).toBeGreaterThan(at.x)
  await page.getByRole('menuitem', { name: en.timeline.reply, exact: true }).click()
  await expect(ann.client.composer).toBeFocused()
  await page.keyboard.type('an answer')
  await page.keyboard.press('Enter')
  const answer = message(ben.client, 'an answer')
  await expect(answer.getByRole('button', { name: en.timeline.showQuoted(en.you) })).toBeVisible()
  await choose(ann.client, 'an answer', en.timeline.edit)
  await expect(ann.client.composer).toBeFocused()
  await page.getByRole('button', { name: en.composer.cancelEdit }).click()
  await expect(ann.client.composer).toBeFocused()
})

test('a quote leads to what it quotes, also far above what is shown', async ({ world }) => {
  const { ann, ben } = await twoPeople(world)
  await ann.client.send('where it began')
  await expect(message(ben.client, 'where it began')).toBeVisible()
  await choose(ben.client, 'where it began', en.timeline.reply)
  const ask = await askAs(ann.client.page, world.relay.url)
  const roomId = /[0-9a-f-]{36}/.exec(ann.client.page.url())?.[0]
  for (let line = 0; line < 130; line += 1)
    await ask(`/rooms/${roomId}/messages`, { id: newId(), body: `line ${line}` })
  await expect(message(ben.client, 'line 129')).toBeVisible()
  await ben.client.send('back to it')
  await expect(message(ann.client, 'back to it')).toBeVisible()
  await ann.client.page.setViewportSize({ width: 1100, height: 700 })
  await ann.client.page.reload()
  const quote = message(ann.client, 'back to it').getByRole('button', { name: en.timeline.showQuoted(en.you) })
  await expect(quote).toBeInViewport()
  await expect(message(ann.client, 'where it began')).toHaveCount(0)
  await quote.click()
  await expect(message(ann.client, 'where it began')).toBeInViewport()
  await expect(message(ann.client, 'where it began')).toBeFocused()
})

test.describe('on plain http', () => {
  test.use({ place: lan })

  test('a message is copied, although the browser has no clipboard for such a page', async ({ world }) => {
    const { client } = await world.arrive('shell', 'Ann')
    await client.createRoom(ROOM, [])
    await client.send('who brings\nthe rice?')
    expect(await client.page.evaluate(() => window.isSecureContext)).toBe(false)
    await choose(client, 'the rice?', en.timeline.copy)
    await client.composer.press('ControlOrMeta+V')
    await expect(client.composer).toHaveValue('who brings\nthe rice?')
  })
})
