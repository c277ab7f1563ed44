// The people of a relay: to be found, to be talked to alone, to be kept away; and open rooms that anybody joins.
import { ko } from '../src-renderer/texts/ko.ts'
import { message, rowsOf } from './acts.ts'
import { expect, test } from './fixtures.ts'
import { languages } from './languages.ts'
import { arrive, button, closeDialogs, dialog, listed, meet, room } from './people.ts'
import { PICTURE } from './pictures.ts'

for (const texts of languages(ko)) {
  test(`in ${texts.locale}: somebody is found by initial consonants, shows a status and a picture, and is talked to at once`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const [ann, jisoo] = await arrive(world, ['Ann', '박지수'], { texts })
    await button(jisoo.client, texts.settings.open).click()
    await jisoo.client.page.getByLabel(texts.profile.status).fill('이번 주는 쉬어요')
    await button(jisoo.client, texts.save).click()
    await jisoo.client.page.getByRole('dialog').locator('input[type=file]').setInputFiles(PICTURE)
    await expect(jisoo.client.page.getByRole('dialog').locator('img')).toBeVisible()
    await closeDialogs(jisoo.client)

    await button(ann.client, texts.roomList.directory).click()
    const directory = dialog(ann.client, texts.directory.title)
    const people = directory.getByRole('list', { name: texts.directory.people })
    await directory.getByRole('searchbox').fill('ㅎㅎ')
    await expect(directory.getByText(texts.newRoom.nobodyFound('ㅎㅎ'))).toBeVisible()
    await directory.getByRole('searchbox').fill('ㅂㅈㅅ')
    await expect(people.getByRole('button')).toHaveCount(1)
    await expect(people).toContainText('이번 주는 쉬어요')
    await expect(people.locator('img')).toBeVisible()
    await people.getByRole('button').click()
    const card = dialog(ann.client, '박지수')
    await expect(card).toContainText('@박지수')
    await expect(card.getByText(texts.person.noShared)).toBeVisible()
    await button(ann.client, texts.person.talk).click()
    await expect(ann.client.page.getByRole('dialog')).toHaveCount(0)
    await ann.client.send('안녕하세요')
    await room(jisoo.client, 'Ann').click()
    await expect(message(jisoo.client.page, '안녕하세요')).toBeVisible()
  })

  test(`in ${texts.locale}: open rooms are found and joined; without the relay there is no list of them, and that is said`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const [ann, ben] = await arrive(world, ['Ann', 'Ben'], { texts })
    await button(ben.client, texts.rooms.newRoom).click()
    const made = dialog(ben.client, texts.newRoom.title)
    await made.getByRole('radio', { name: texts.newKind.open, exact: true }).click()
    await made.getByLabel(texts.newRoom.name).fill('텃밭')
    await made.getByLabel(texts.newKind.topic).fill('모종 나눔')
    await button(ben.client, texts.newRoom.create).click()
    await ben.client.send('물 주실 분?')

    await button(ann.client, texts.roomList.directory).click()
    const directory = dialog(ann.client, texts.directory.title)
    await directory.getByRole('radio', { name: texts.directory.openRooms }).click()
    await expect(directory.getByRole('list', { name: texts.directory.openRooms })).toContainText('모종 나눔')
    await directory.getByRole('searchbox').fill('바다')
    await expect(directory.getByText(texts.directory.noRoomFound('바다'))).toBeVisible()
    await directory.getByRole('searchbox').fill('텃')
    await button(ann.client, texts.directory.joinLabel('텃밭')).click()
    await expect(message(ann.client.page, '물 주실 분?')).toBeVisible()
    await expect(button(ben.client, texts.members.count(2))).toBeVisible()

    await ann.link.cut()
    await ann.client.badge(texts.connection.waiting.unreachable)
    await button(ann.client, texts.roomList.directory).click()
    await directory.getByRole('radio', { name: texts.directory.openRooms }).click()
    await expect(directory.getByText(texts.directory.offline)).toBeVisible()
  })

  test(`S11.8 in ${texts.locale}: whom one blocks is not told, and is not heard alone; their words in groups stay`, async ({
    world
  }) => {
    test.setTimeout(120_000)
    const [ann, ben] = await meet(world, ['Ann', 'Ben'], 'Hall', { texts })
    await button(ann.client, texts.roomList.directory).click()
    await dialog(ann.client, texts.directory.title).getByRole('button', { name: 'Ben' }).click()
    await button(ann.client, texts.person.block).click()
    const question = dialog(ann.client, texts.person.blockTitle('Ben'))
    await expect(question).toContainText(texts.person.blockQuietText)
    await question.getByRole('button', { name: texts.person.block }).click()
    await expect(dialog(ann.client, 'Ben').getByText(texts.person.blocked)).toBeVisible()
    await closeDialogs(ann.client)

    await button(ben.client, texts.roomList.directory).click()
    await dialog(ben.client, texts.directory.title).getByRole('button', { name: 'Ann' }).click()
    await button(ben.client, texts.person.talk).click()
    await ben.client.send('just the two of us')
    await expect(ben.client.page.getByRole('log').getByLabel(texts.timeline.accepted)).toBeVisible()
    await ben.client.openRoom('Hall')
    await ben.client.send('hello, hall')
    await expect(message(ann.client.page, 'hello, hall')).toBeVisible()
    await expect(listed(ann.client)).toHaveCount(1)
    // Nothing that Ben gets tells of it.
    const known = JSON.stringify(await rowsOf(ben.client.page, /-records-.*--/))
    expect(known).toContain('just the two of us')
    expect(known).not.toContain('block')

    await button(ann.client, texts.roomList.directory).click()
    await dialog(ann.client, texts.directory.title).getByRole('button', { name: 'Ben' }).click()
    await button(ann.client, texts.person.unblock).click()
    await closeDialogs(ann.client)
    await expect(room(ann.client, 'Ben')).toContainText('just the two of us')
  })
}
