// What is said aside [S11.5]: whom it goes to is clear to its author, that it was said is clear to who has it, and the others get nothing of it.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { choose, drafts, message, rowsOf } from './acts.ts'
import type { Client } from './client.ts'
import { expect, KEPT, test } from './fixtures.ts'
import type { Person } from './fixtures.ts'
import { languages } from './languages.ts'
import { button, dialog, meet, room } from './people.ts'

const ROOM = 'Hall'

/** All that a page hears from the relay. */
function listen(heard: Map<string, string[]>) {
  return (page: Page, name: string) => {
    const frames: string[] = []
    heard.set(name, frames)
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))))
  }
}

async function speakAside(client: Client, ...names: readonly string[]): Promise<void> {
  await button(client, client.texts.asides.start).click()
  const chooser = dialog(client, client.texts.asides.title)
  for (const name of names) await chooser.getByRole('checkbox', { name, exact: true }).check()
  await button(client, client.texts.asides.write).click()
  await expect(chooser).toBeHidden()
}

for (const texts of languages(en)) {
  test(`S11.5 in ${texts.locale}: an aside is seen by those whom it is for, marked, and by nobody else`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const heard = new Map<string, string[]>()
    const [cho, ann, ben] = await meet(world, ['Cho', 'Ann', 'Ben'], ROOM, { texts, watch: listen(heard) })
    await ben.client.send('to all of you')
    await expect(message(cho.client.page, 'to all of you')).toBeVisible()

    await speakAside(ben.client, 'Ann')
    await expect(ben.client.page.getByText(texts.asides.to(['Ann']))).toBeVisible()
    await expect(ben.client.composer).toBeFocused()
    await ben.client.send('a present for Cho?')
    const mark = (name: string) => texts.asides.onlyFor([name])
    await expect(message(ben.client.page, 'a present for Cho?')).toContainText(mark('Ann'))
    await expect(message(ann.client.page, 'a present for Cho?')).toContainText(mark('Ben'))

    // An answer stays between the two, and says so before it is written.
    await choose(ann.client.page, 'a present for Cho?', texts.timeline.reply)
    await expect(ann.client.page.getByText(texts.asides.to(['Ben']))).toBeVisible()
    await ann.client.composer.pressSequentially('a tea')
    const typing = ({ client }: Person) => client.page.getByTestId('typing')
    await expect(typing(ben)).toHaveText(texts.live.typingAside(['Ann'], 1))
    await expect(typing(cho)).toHaveText('')
    await ann.client.send('a teapot')
    await expect(message(ben.client.page, 'a teapot')).toContainText(mark('Ann'))
    await expect(ann.client.page.getByText(texts.asides.to(['Ben']))).toBeHidden()
    await ann.client.send('good morning, all')
    await expect(message(cho.client.page, 'good morning, all')).not.toContainText(mark('Ann'))

    // Back to everybody by Esc.
    await ben.client.composer.press('Escape')
    await expect(ben.client.page.getByText(texts.asides.to(['Ann']))).toBeHidden()
    await ben.client.send('hello again, all')
    await expect(message(cho.client.page, 'hello again, all')).toBeVisible()
    await expect(message(cho.client.page, 'good morning, all')).toBeVisible()

    expect(await cho.client.messages(ROOM)).toEqual(['to all of you', 'good morning, all', 'hello again, all'])
    expect(await ben.client.messages(ROOM)).toEqual([
      'to all of you',
      'a present for Cho?',
      'a teapot',
      'good morning, all',
      'hello again, all'
    ])
    const told = JSON.stringify(heard.get('Cho'))
    expect(told).toContain('hello again, all')
    for (const secret of ['a present', 'teapot', '"aside"', 'parentId', 'anchorSeq']) expect(told).not.toContain(secret)
    const stored = JSON.stringify(await rowsOf(cho.client.page, /-records-.*--/))
    expect(stored).toContain('hello again, all')
    for (const secret of ['a present', 'teapot']) expect(stored).not.toContain(secret)
  })
}

test(
  'S11.5 an aside that was written offline waits, arrives at its place and is counted as unread until it is seen',
  { tag: KEPT },
  async ({ world }) => {
    test.setTimeout(120_000)
    const [cho, ann, ben] = await meet(world, ['Cho', 'Ann', 'Ben'], ROOM)
    await ann.client.createRoom('Elsewhere', [])
    await ben.link.cut()
    await ben.client.badge(en.connection.waiting.unreachable)
    await speakAside(ben.client, 'Ann')
    await ben.client.send('whispered in a tunnel')
    await expect(message(ben.client.page, 'whispered in a tunnel')).toContainText(en.asides.onlyFor(['Ann']))
    // Words that were not sent come back as what they were.
    await ben.client.composer.fill('not sent yet')
    await expect.poll(async () => drafts(ben.client.page)).toContain('not sent yet')
    await ben.client.restart()
    await ben.client.openRoom(ROOM)
    await expect(ben.client.composer).toHaveValue('not sent yet')
    await expect(ben.client.page.getByText(en.asides.to(['Ann']))).toBeVisible()
    await ben.link.heal()
    await ben.client.badge(en.connection.connected)
    await expect(room(ann.client, ROOM)).toContainText(en.rooms.unread('1'))
    await expect(room(cho.client, ROOM)).not.toContainText('whispered')
    await ann.client.openRoom(ROOM)
    await expect(message(ann.client.page, 'whispered in a tunnel')).toBeVisible()
    await expect(room(ann.client, ROOM)).not.toContainText(en.rooms.unread('1'))
    expect(await cho.client.messages(ROOM)).toEqual([])
  }
)

test('S11.5 speaking aside to somebody begins at their message; who has left the room is told of', async ({
  world
}) => {
  test.setTimeout(120_000)
  const [ann, ben] = await meet(world, ['Ann', 'Ben'], ROOM)
  await ann.client.send('what do you think?')
  await choose(ben.client.page, 'what do you think?', en.asides.start)
  await expect(ben.client.page.getByText(en.asides.to(['Ann']))).toBeVisible()
  await ben.link.cut()
  await ben.client.badge(en.connection.waiting.unreachable)
  await ben.client.send('between us: no')
  await button(ann.client, en.room.menu).click()
  await ann.client.page.getByRole('menuitem', { name: en.members.leave }).click()
  await dialog(ann.client, en.members.leaveTitle(ROOM)).getByRole('button', { name: en.members.leave }).click()
  await expect(ann.client.page.getByText(en.members.notJoined)).toBeVisible()
  await ann.client.badge(en.connection.connected)
  await ben.link.heal()
  await expect(message(ben.client.page, 'between us: no')).toContainText(en.errors['recipient-left'])
  await expect(ann.client.page.getByText('between us: no')).toHaveCount(0)
})
