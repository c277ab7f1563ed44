// Kinds of rooms, roles in them, closing, and the list: each as people meet it, in two or three browsers.
import { directRoomId } from '../protocol/derived-ids.ts'
import { en } from '../src-renderer/texts/en.ts'
import { askAs, message } from './acts.ts'
import { expect, test } from './fixtures.ts'
import { languages } from './languages.ts'
import { PICTURE } from './pictures.ts'
import {
  actInList,
  actOn,
  arrive,
  button,
  closeDialogs,
  dialog,
  listed,
  meet,
  openDetails,
  room,
  talkTo
} from './people.ts'

const ROOM = 'Hall'

for (const texts of languages(en)) {
  test(`SPEC §3.1 in ${texts.locale}: whoever leads a room gives it a name, topic and picture, decides who writes, and hands it over`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const [ann, ben] = await meet(world, ['Ann', 'Ben'], ROOM, { texts })
    await openDetails(ben.client, 2)
    await button(ben.client, texts.details.edit).click()
    const edit = dialog(ben.client, texts.details.editTitle)
    await edit.getByLabel(texts.newRoom.name).fill('Great hall')
    await edit.getByLabel(texts.newKind.topic).fill('Everything about soup')
    await edit
      .locator('input[type=file]')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no') })
    await expect(edit.getByText(texts.picture.problems['not-a-picture'])).toBeVisible()
    await edit.locator('input[type=file]').setInputFiles(PICTURE)
    await expect(edit.locator('img')).toBeVisible()
    await button(ben.client, texts.save).click()
    await expect(edit).toBeHidden()
    await expect(ann.client.page.getByRole('heading', { name: 'Great hall' })).toBeVisible()
    await expect(
      ann.client.page.getByRole('banner').or(ann.client.page.getByText('Everything about soup')).first()
    ).toBeVisible()
    await expect(room(ann.client, 'Great hall').locator('img')).toBeVisible()

    const details = dialog(ben.client, texts.details.title)
    await details.getByRole('radio', { name: texts.newKind.writersAdmins }).click()
    await closeDialogs(ben.client)
    await expect(ann.client.page.getByText(texts.closed.onlyAdmins)).toBeVisible()
    await expect(ann.client.composer).toHaveCount(0)

    // Ann may change nothing, and is shown nothing to change it with.
    const hers = await openDetails(ann.client, 2)
    await expect(hers.getByText(texts.details.writersAdminsText)).toBeVisible()
    for (const name of [texts.details.edit, texts.details.close, texts.details.actionsOf('Ben')])
      await expect(button(ann.client, name)).toHaveCount(0)
    await closeDialogs(ann.client)

    await openDetails(ben.client, 2)
    await actOn(ben.client, 'Ann', texts.details.makeAdmin)
    await closeDialogs(ben.client)
    await expect(ann.client.composer).toBeVisible()
    await ann.client.send('soup it is')
    await expect(message(ben.client.page, 'soup it is')).toBeVisible()

    await openDetails(ben.client, 2)
    await actOn(ben.client, 'Ann', texts.details.handOver)
    await dialog(ben.client, texts.details.handOverTitle('Ann'))
      .getByRole('button', { name: texts.details.handOver })
      .click()
    await expect(button(ben.client, texts.details.close)).toHaveCount(0)
    await openDetails(ann.client, 2)
    await expect(button(ann.client, texts.details.close)).toBeVisible()
  })

  test(`S11.7 in ${texts.locale}: who is banned is out, is no longer listed to be added, and comes back once the ban is lifted`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const [ann, ben] = await meet(world, ['Ann', 'Ben'], ROOM, { texts })
    const details = await openDetails(ben.client, 2)
    await actOn(ben.client, 'Ann', texts.details.ban)
    await dialog(ben.client, texts.details.banTitle('Ann')).getByRole('button', { name: texts.details.ban }).click()
    await expect(details.getByRole('list', { name: texts.details.banned })).toContainText('Ann')
    await expect(ann.client.page.getByText(texts.members.notJoined)).toBeVisible()
    await button(ben.client, texts.members.add).click()
    await expect(ben.client.page.getByText(texts.members.everyone)).toBeVisible()
    await button(ben.client, texts.cancel).click()
    await button(ben.client, texts.details.liftBanLabel('Ann')).click()
    await expect(details.getByRole('list', { name: texts.details.banned })).toHaveCount(0)
    await button(ben.client, texts.members.add).click()
    await ben.client.page.getByRole('checkbox', { name: 'Ann' }).check()
    await button(ben.client, texts.members.addChosen(1)).click()
    await expect(ann.client.composer).toBeVisible()
  })

  test(`S11.6 in ${texts.locale}: a closed room says so to everybody, keeps what was being written, and leads to a new one`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const [ann, ben] = await meet(world, ['Ann', 'Ben'], ROOM, { texts })
    await ann.client.composer.fill('half a thou')
    await openDetails(ben.client, 2)
    await button(ben.client, texts.details.close).click()
    const question = dialog(ben.client, texts.details.closeTitle(ROOM))
    await expect(question).toContainText(texts.details.closeText)
    await question.getByRole('button', { name: texts.details.close }).click()
    for (const { client } of [ann, ben]) {
      await expect(client.page.getByRole('region', { name: texts.closed.title })).toBeVisible()
      await expect(client.composer).toHaveCount(0)
      await expect(room(client, ROOM)).toContainText(texts.roomList.closed)
    }
    await button(ann.client, texts.closed.startNew).click()
    await expect(ann.client.composer).toHaveValue('half a thou')
    await ann.client.composer.press('Enter')
    await expect(listed(ben.client)).toHaveCount(2)
    await listed(ben.client).filter({ hasText: 'half a thou' }).click()
    await expect(message(ben.client.page, 'half a thou')).toBeVisible()
  })

  test(`in ${texts.locale}: direct rooms that both begin offline are one, named after the other; notes are one's own`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const [ann, ben] = await arrive(world, ['Ann', 'Ben'], { texts })
    const both = [ann, ben]
    await expect(async () => {
      await ann.client.page.reload()
      await button(ann.client, texts.roomList.directory).click()
      await expect(button(ann.client, 'Ben ben')).toBeVisible({ timeout: 2000 })
    }).toPass()
    await closeDialogs(ann.client)
    for (const { client, link } of both) {
      // The dialogs' code, too, comes from the relay.
      await client.page.waitForLoadState('networkidle')
      await link.cut()
      await client.badge(texts.connection.waiting.unreachable)
    }
    await talkTo(ann.client, 'Ben')
    await ann.client.send('are you there?')
    await talkTo(ben.client, 'Ann')
    await ben.client.send('anybody home?')
    for (const { link } of both) await link.heal()
    await expect(message(ann.client.page, 'anybody home?')).toBeVisible({ timeout: 20_000 })
    await expect(message(ben.client.page, 'are you there?')).toBeVisible({ timeout: 20_000 })
    await expect(listed(ann.client)).toHaveCount(1)
    await expect(listed(ben.client)).toHaveCount(1)
    const ask = await askAs(ann.client.page, world.relay.url)
    const { rooms } = await ask<{ rooms: { id: string; kind: string }[] }>('/rooms')
    const { users } = await ask<{ users: { id: string }[] }>('/users')
    const [one = '', other = ''] = users.map(({ id }) => id)
    expect(rooms.map(({ id, kind }) => [id, kind])).toEqual([[directRoomId(one, other), 'direct']])

    await button(ann.client, texts.rooms.newRoom).click()
    await ann.client.page.getByRole('radio', { name: texts.newKind.notes, exact: true }).click()
    await button(ann.client, texts.newKind.openNotes).click()
    await ann.client.send('milk, bread')
    await expect(room(ann.client, texts.roomList.notes)).toContainText('milk, bread')
    await ann.client.badge(texts.connection.connected)
    await expect(listed(ben.client)).toHaveCount(1)
  })
}

test('who leaves quietly is gone without a line; who leaves otherwise is told of', async ({ world }) => {
  test.setTimeout(120_000)
  const [cho, ann, ben] = await meet(world, ['Cho', 'Ann', 'Ben'], ROOM)
  const leave = async (client: typeof ann.client, quietly: boolean) => {
    await actInList(client, ROOM, en.members.leave)
    const question = dialog(client, en.members.leaveTitle(ROOM))
    if (quietly) await question.getByRole('checkbox', { name: en.details.quietly }).check()
    await question.getByRole('button', { name: en.members.leave }).click()
    await expect(client.page.getByText(en.members.notJoined)).toBeVisible()
  }
  await leave(ann.client, true)
  await expect(button(ben.client, en.members.count(2))).toBeVisible()
  await leave(cho.client, false)
  const log = ben.client.page.getByRole('log')
  await expect(log.getByText(en.timeline.system.memberLeft({ name: 'Cho', self: false }))).toBeVisible()
  await expect(log.getByText(en.timeline.system.memberLeft({ name: 'Ann', self: false }))).toHaveCount(0)
})

test('the list: what is unread and what is meant for one, pins, muting, a filter, and all of it by keyboard', async ({
  world
}) => {
  test.setTimeout(120_000)
  const [ann, ben] = await meet(world, ['Ann', 'Ben'], ROOM)
  await ben.client.createRoom('Cellar', ['Ann'])
  await expect(listed(ann.client)).toHaveCount(2)
  await ben.client.send('@Ann come down')
  await ben.client.send('now')
  const cellar = room(ann.client, 'Cellar')
  await expect(cellar).toContainText(en.rooms.unread('2'))

  const { page } = ann.client
  await page.getByRole('radio', { name: en.roomList.unread, exact: true }).click()
  await expect(listed(ann.client)).toHaveCount(2) // the open room stays
  await actInList(ann.client, 'Cellar', en.roomList.markRead)
  await expect(listed(ann.client)).toHaveCount(1)
  await page.getByRole('radio', { name: en.roomList.all, exact: true }).click()

  // By keyboard: from room to room by arrows, the menu by its key.
  await room(ann.client, 'Cellar').focus()
  await page.keyboard.press('ArrowDown')
  await expect(room(ann.client, ROOM)).toBeFocused()
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: en.room.pin }).press('Enter')
  await expect(room(ann.client, ROOM).getByLabel(en.rooms.pinned)).toBeVisible()
  await expect(listed(ann.client).first()).toContainText(ROOM)
  await actInList(ann.client, 'Cellar', en.room.mute)
  await page.getByRole('menuitem', { name: en.muting.forGood }).click()
  await expect(cellar.getByLabel(en.rooms.muted)).toBeVisible()
  await actInList(ann.client, 'Cellar', en.roomList.markUnread)
  await page.getByRole('radio', { name: en.roomList.unread, exact: true }).click()
  await expect(cellar).toBeVisible()
  await actInList(ann.client, 'Cellar', en.details.title)
  await expect(dialog(ann.client, en.details.title)).toContainText('Cellar')
})
