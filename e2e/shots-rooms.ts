// The pictures of rooms of every kind and of the people in them: what they are taken of, and the way through it.
import type { Page } from '@playwright/test'
import { directRoomId } from '../protocol/derived-ids.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'
import { neighbour } from './neighbours.ts'

const NEIGHBOURS = '이웃'
const NOTICES = '공지'
const OLD = '작년 모임'
const JISOO = '박지수'

/** Rooms of every kind around somebody who has an account already. */
export async function settleRooms(relayUrl: string, minjiId: string): Promise<void> {
  const jisoo = await neighbour(relayUrl, 'jisoo', JISOO)
  const minho = await neighbour(relayUrl, 'minho', '이민호')
  const minji = { ...jisoo, id: minjiId }
  await jisoo.act('PATCH', '/users/me', { status: '이번 주는 집에서 일해요' })
  const garden = { kind: 'open', name: '텃밭 이야기', topic: '모종 나눔과 물 주기 당번' } as const
  await jisoo.room(garden)
  const old = await jisoo.room({ name: OLD }, [minji, minho])
  await jisoo.say(old, '정말 즐거웠어요')
  await jisoo.act('POST', `/rooms/${old}/close`)
  const notices = await jisoo.room({ name: NOTICES, writers: 'admins' }, [minji])
  await jisoo.say(notices, '@김민지 내일은 쉬는 날이에요', { mentions: [minjiId] })
  const neighbours = await jisoo.room({ name: NEIGHBOURS, topic: '골목 사람들' }, [minji, minho])
  await jisoo.act('PATCH', `/rooms/${neighbours}/members/${minjiId}`, { role: 'owner' })
  await minho.say(neighbours, '토요일에 골목 청소해요')
  await jisoo.say(neighbours, '민호 씨 생일 선물은 뭐로 할까요?', { to: [minjiId] })
  await minho.say(neighbours, '빗자루는 제가 가져갈게요')
  const direct = directRoomId(jisoo.id, minjiId)
  await jisoo.act('POST', '/rooms', { id: direct, kind: 'direct', memberIds: [minjiId] })
  await jisoo.say(direct, '김치 좀 드릴까요?')
}

interface Way {
  page: Page
  texts: Texts
  narrow: boolean
}

/** From the list and back to it. */
export async function throughRooms({ page, texts, narrow }: Way, shot: (name: string) => Promise<void>): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const radio = (name: string) => page.getByRole('radio', { name, exact: true })
  const dialog = (name: string) => page.getByRole('dialog', { name, exact: true })
  const room = (name: string) =>
    page.getByRole('navigation', { name: texts.rooms.title }).getByRole('link', { name, exact: true })
  const back = async () => {
    if (narrow) await button(texts.back).click()
  }

  await button(texts.rooms.newRoom).click()
  for (const kind of ['open', 'direct', 'notes'] as const) {
    await radio(texts.newKind[kind]).click()
    await shot(`new-${kind}`)
  }
  await page.keyboard.press('Escape')
  await dialog(texts.newRoom.title).waitFor({ state: 'hidden' })
  await room(NEIGHBOURS).click({ button: 'right' })
  await page.getByRole('menu').waitFor()
  await shot('list-menu')
  await page.keyboard.press('Escape')

  await button(texts.roomList.directory).click()
  await dialog(texts.directory.title).getByRole('searchbox').fill('ㅂㅈㅅ')
  await shot('directory')
  await dialog(texts.directory.title).getByRole('button', { name: JISOO }).click()
  await dialog(JISOO).getByRole('link', { name: NEIGHBOURS }).waitFor()
  await shot('person')
  await button(texts.person.block).click()
  await dialog(texts.person.blockTitle(JISOO)).waitFor()
  await shot('block')
  await button(texts.cancel).click()
  await page.keyboard.press('Escape')
  await dialog(JISOO).waitFor({ state: 'hidden' })
  await radio(texts.directory.openRooms).click()
  await dialog(texts.directory.title).getByRole('list', { name: texts.directory.openRooms }).waitFor()
  await page.getByText('모종 나눔').waitFor()
  await shot('open-rooms')
  await page.keyboard.press('Escape')
  await dialog(texts.directory.title).waitFor({ state: 'hidden' })

  await room(NEIGHBOURS).click()
  await page
    .getByRole('log')
    .getByText(texts.asides.onlyFor([JISOO]))
    .waitFor()
  await button(texts.asides.start).click()
  await page.getByRole('checkbox', { name: JISOO }).check()
  await shot('aside-to-whom')
  await button(texts.asides.write).click()
  await page.getByRole('textbox', { name: texts.composer.label }).fill('케이크는 어때요?')
  await shot('aside')
  await page.getByRole('textbox', { name: texts.composer.label }).fill('')
  await page.keyboard.press('Escape')
  await button(texts.members.count(3)).click()
  await dialog(texts.details.title).waitFor()
  await shot('details')
  await button(texts.details.actionsOf(JISOO)).click()
  await page.getByRole('menu').waitFor()
  await shot('member-menu')
  await page.keyboard.press('Escape')
  await button(texts.details.close).click()
  await dialog(texts.details.closeTitle(NEIGHBOURS)).waitFor()
  await shot('close-room')
  await button(texts.cancel).click()
  await button(texts.details.edit).click()
  await dialog(texts.details.editTitle).waitFor()
  await shot('edit-room')
  await button(texts.cancel).click()
  await page.keyboard.press('Escape')
  await dialog(texts.details.title).waitFor({ state: 'hidden' })
  await back()

  await room(NOTICES).click()
  await page.getByText(texts.closed.onlyAdmins).waitFor()
  await shot('others-write')
  await back()
  await room(OLD).click()
  await page.getByRole('region', { name: texts.closed.title }).waitFor()
  await shot('closed')
  await back()
  await room(JISOO).click()
  await page.getByText('김치 좀 드릴까요?').last().waitFor()
  await shot('direct')
  await back()
}
