// WCAG 2.2 AA as far as a machine can tell, for what people do with rooms and each other: beginning, finding, leading, closing, speaking aside.
import { findings, SPEECHES, WIDE } from './axe.ts'
import type { Finding } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { neighbour } from './neighbours.ts'
import { actInList, actOn, button, closeDialogs, dialog, openDetails, room } from './people.ts'

// Each language has a relay and a browser of its own.
test.describe.configure({ mode: 'parallel' })

for (const { texts, looks } of SPEECHES) {
  test(`rooms and people in ${texts.locale}`, async ({ world }) => {
    test.setTimeout(300_000)
    const dana = await neighbour(world.relay.url, 'dana', 'Dana Lee')
    const eun = await neighbour(world.relay.url, 'eun', '은')
    const joon = await neighbour(world.relay.url, 'joon', 'Joon Park')
    await eun.act('PATCH', '/users/me', { status: 'Away until Monday' })
    const hall = await dana.room({ name: 'Hall', topic: 'Everything about soup' }, [eun, joon])
    await eun.say(hall, '@Dana Lee only you', { to: [dana.id], mentions: [dana.id] })
    await dana.say(hall, 'so I hear', { to: [eun.id] })
    await eun.say(hall, 'good morning')
    await dana.act('PUT', `/rooms/${hall}/bans/${joon.id}`)
    const notices = await eun.room({ name: 'Notices', writers: 'admins' }, [dana])
    await eun.say(notices, '@Dana Lee tomorrow is free', { mentions: [dana.id] })
    const old = await eun.room({ name: 'Old times' }, [dana])
    await eun.say(old, 'that was fun')
    await eun.act('POST', `/rooms/${old}/close`)
    await eun.room({ kind: 'open', name: 'Garden', topic: 'Seedlings' })

    const { client, link } = await world.open('relay', texts)
    const { page } = client
    const found: Record<string, Finding[]> = {}
    const look = async (screen: string) => {
      found[screen] = await findings(page, looks)
    }
    const radio = (name: string) => page.getByRole('radio', { name, exact: true })

    await page.setViewportSize(WIDE)
    await button(client, texts.signIn.toSignIn).click()
    await page.getByLabel(texts.signIn.username, { exact: true }).fill('dana')
    await page.getByLabel(texts.signIn.password, { exact: true }).fill('correct horse battery')
    await button(client, texts.signIn.submit).click()
    await expect(room(client, 'Notices').getByText(texts.roomList.mentioned('1'))).toBeAttached()
    await actInList(client, 'Old times', texts.room.pin)
    await room(client, 'Old times').click({ button: 'right' })
    await expect(page.getByRole('menu')).toBeVisible()
    await look('the list with its marks, and the menu of a room')
    await page.keyboard.press('Escape')

    await page.keyboard.press('Control+n')
    await expect(dialog(client, texts.newRoom.title)).toBeVisible()
    await look('a new group')
    for (const kind of ['open', 'direct', 'notes'] as const) {
      await radio(texts.newKind[kind]).click()
      await look(`a new room: ${kind}`)
    }
    await closeDialogs(client)

    await button(client, texts.roomList.directory).click()
    const directory = dialog(client, texts.directory.title)
    await expect(directory.getByText('Away until Monday')).toBeVisible()
    await look('the people of the relay')
    await directory.getByRole('button', { name: '은' }).click()
    await expect(dialog(client, '은').getByRole('link', { name: 'Hall' })).toBeVisible()
    await look("somebody's card")
    await button(client, texts.person.block).click()
    await expect(dialog(client, texts.person.blockTitle('은'))).toBeVisible()
    await look('blocking somebody')
    await button(client, texts.cancel).click()
    await page.keyboard.press('Escape')
    await expect(dialog(client, '은')).toBeHidden()
    await radio(texts.directory.openRooms).click()
    await expect(directory.getByText('Seedlings')).toBeVisible()
    await look('the open rooms')
    await closeDialogs(client)

    await room(client, 'Hall').click()
    await expect(
      page
        .getByRole('log')
        .getByText(texts.asides.onlyFor(['은']))
        .first()
    ).toBeVisible()
    await look('a room with asides')
    await button(client, texts.asides.start).click()
    await page.getByRole('checkbox', { name: '은' }).check()
    await look('choosing who gets an aside')
    await button(client, texts.asides.write).click()
    await expect(page.getByText(texts.asides.to(['은']))).toBeVisible()
    await look('writing an aside')
    await client.composer.press('Escape')

    await openDetails(client, 2)
    await expect(page.getByRole('list', { name: texts.details.banned })).toBeVisible()
    await look("a room's details")
    await button(client, texts.details.actionsOf('은')).click()
    await expect(page.getByRole('menu')).toBeVisible()
    await look('the menu of a member')
    await page.keyboard.press('Escape')
    await actOn(client, '은', texts.details.handOver)
    await look('handing a room over')
    await button(client, texts.cancel).click()
    await button(client, texts.details.close).click()
    await look('closing a room')
    await button(client, texts.cancel).click()
    await button(client, texts.members.leave).click()
    await look('leaving a room')
    await button(client, texts.cancel).click()
    await button(client, texts.details.edit).click()
    await dialog(client, texts.details.editTitle).getByLabel(texts.newRoom.name).fill(' ')
    await button(client, texts.save).click()
    await look('what a room is called, with a problem')
    await closeDialogs(client)

    await room(client, 'Notices').click()
    await expect(page.getByText(texts.closed.onlyAdmins)).toBeVisible()
    await look('a room in which others write')
    await room(client, 'Old times').click()
    await expect(page.getByRole('region', { name: texts.closed.title })).toBeVisible()
    await look('a closed room')

    await link.cut()
    await client.badge(texts.connection.waiting.unreachable)
    await button(client, texts.roomList.directory).click()
    await radio(texts.directory.openRooms).click()
    await expect(directory.getByText(texts.directory.offline)).toBeVisible()
    await look('the open rooms without the relay')

    const wrong = Object.entries(found).filter(([, { length }]) => length > 0)
    expect(wrong).toEqual([])
  })
}
