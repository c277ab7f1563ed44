// Screenshots of every screen and state, in both themes, both languages and three widths: `npm run shots -- --out DIR`; of one
// look alone with `--look ko-dark-360`.
// Real relay, real client; the words on the pictures are the only thing made up.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { newId } from '../protocol/values.ts'
import { findChromium } from '../scripts/chromium.mjs'
import { en } from '../src-renderer/texts/en.ts'
import { ko } from '../src-renderer/texts/ko.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'
import { Link } from './link.ts'
import { RelayProcess } from './relay-process.ts'
import { settleRooms, throughRooms } from './shots-rooms.ts'

const PASSWORD = 'correct horse battery'

interface Look {
  texts: Texts
  theme: 'light' | 'dark'
  width: number
}

const LOOKS: readonly Look[] = [ko, en].flatMap((texts) =>
  (['light', 'dark'] as const).flatMap((theme) => [360, 860, 1400].map((width) => ({ texts, theme, width })))
)

interface Person {
  id: string
  token: string
}

/** What a relay that has been lived in looks like. */
class Village {
  readonly #relay: RelayProcess

  constructor(relay: RelayProcess) {
    this.#relay = relay
  }

  async person(username: string, displayName: string): Promise<Person> {
    const answer = await this.#post('/accounts', { username, password: PASSWORD, displayName })
    return { id: (answer['user'] as { id: string }).id, token: String(answer['token']) }
  }

  async room(owner: Person, name: string, others: readonly Person[]): Promise<string> {
    const id = newId()
    await this.#post('/rooms', { id, kind: 'group', name, memberIds: others.map((other) => other.id) }, owner.token)
    return id
  }

  async say(
    roomId: string,
    author: Person,
    body: string,
    more: { sentAt?: string; replyTo?: string } = {}
  ): Promise<string> {
    const id = newId()
    await this.#post(`/rooms/${roomId}/messages`, { id, body, ...more }, author.token)
    return id
  }

  async change(method: 'PATCH' | 'PUT' | 'DELETE', path: string, author: Person, body?: unknown): Promise<void> {
    await this.#call(method, path, body, author.token)
  }

  /** All but the one that asks. */
  async endSessions(person: Person): Promise<void> {
    const answer = await this.#call('GET', '/sessions', undefined, person.token)
    const { sessions } = (await answer.json()) as { sessions: { deviceId: string; current: boolean }[] }
    for (const { deviceId, current } of sessions)
      if (!current) await this.#call('DELETE', `/sessions/${deviceId}`, undefined, person.token)
  }

  async #post(path: string, body: unknown, token?: string): Promise<Record<string, unknown>> {
    return (await (await this.#call('POST', path, body, token)).json()) as Record<string, unknown>
  }

  async #call(method: string, path: string, body?: unknown, token?: string): Promise<Response> {
    const answer = await fetch(`${this.#relay.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
}

const FAMILY = '우리 가족'
const LAB = 'Lab 204'
const HIKE = '주말 산행 모임'

/** How somebody may set the screen who sees less; the last one is as it was. */
const EYES = {
  contrast: { contrast: 'more' },
  'large-text': { textSize: 200 },
  'small-text': { textSize: 80 },
  'room-again': {}
}

/** What others may do to Minji later. */
interface Fates {
  removeFromLab: () => Promise<void>
  endSessions: () => Promise<void>
}

async function settle(village: Village): Promise<Fates & { minjiId: string }> {
  const minji = await village.person('minji', '김민지')
  const joon = await village.person('joon', 'Joon Park')
  const grandmother = await village.person('halmoni', '할머니')
  await village.person('imo', '이모')
  const family = await village.room(minji, FAMILY, [joon, grandmother])
  const lab = await village.room(joon, LAB, [minji])
  const hike = await village.room(grandmother, HIKE, [minji, joon])
  await village.room(minji, 'A room whose name is longer than any list of rooms is wide, and then some', [joon])
  await village.say(lab, joon, 'The centrifuge is free at 3.')
  await village.say(
    hike,
    joon,
    '**준비물**이에요\n- 물 두 병\n- 도시락\n  1. 김밥\n  2. 과일\n\n~~7시~~ *8시*에 만나요. 길은 [여기](https://example.com/map)'
  )
  await village.say(hike, minji, '> 8시에 만나요\n좋아요! `동쪽 입구`죠?')
  await village.say(hike, joon, '```sh\ncurl https://example.com/weather?day=sat\n```\n날씨는 이렇게 봐요')
  await village.say(hike, grandmother, '🎉🎉🎉')
  await village.say(hike, grandmother, '이번 주말에는 비가 온대요')
  const supper = await village.say(family, grandmother, '저녁 먹었니?')
  await village.say(family, minji, '네! 할머니는요?', { replyTo: supper })
  const stew = await village.say(family, minji, '오늘 된장찌개 끓였어요')
  for (const [person, emoji] of [
    [grandmother, '❤️'],
    [joon, '❤️'],
    [joon, '🙏'],
    [minji, '🙏']
  ] as const)
    await village.change('PUT', `/rooms/${family}/messages/${stew}/reactions/${encodeURIComponent(emoji)}`, person)
  const typo = await village.say(family, grandmother, '잘햇다. 사진 좀 보내 봐')
  await village.change('PATCH', `/rooms/${family}/messages/${typo}`, grandmother, { body: '잘했다. 사진 좀 보내 봐' })
  await village.say(
    family,
    joon,
    'I am on my way, the train is late again. There is a long explanation at https://example.com/trains/late?line=2 but the short version is: snow on the tracks, and a driver who went home.'
  )
  const slip = await village.say(family, joon, 'wrong room')
  await village.change('DELETE', `/rooms/${family}/messages/${slip}`, joon)
  await village.say(family, minji, '조심히 와')
  const anHourAgo = new Date(Date.now() - 3_700_000).toISOString()
  await village.say(family, joon, 'In the tunnel. You will get this late.', { sentAt: anHourAgo })
  await village.change('PUT', `/rooms/${family}/pins/${supper}`, grandmother)
  await village.change('PUT', `/rooms/${family}/pins/${typo}`, grandmother)
  await village.say(
    lab,
    joon,
    Array.from({ length: 40 }, (_, at) => `${at + 1}. Wipe the bench, and write down who did.`).join('\n')
  )
  await village.say(family, grandmother, '천천히 오렴.\n문 열어 둘게.')
  return {
    minjiId: minji.id,
    removeFromLab: async () => village.change('DELETE', `/rooms/${lab}/members/${minji.id}`, joon),
    endSessions: async () => village.endSessions(minji)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: 'shots' }, look: { type: 'string', multiple: true } }
  })
  const looks = LOOKS.filter((look) => values.look?.includes(nameOf(look)) ?? true)
  await mkdir(values.out, { recursive: true })
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
  })
  try {
    for (const [index, look] of looks.entries()) {
      say(`${index + 1} of ${looks.length}: ${nameOf(look)}`)
      await photograph(browser, look, values.out)
    }
  } finally {
    await browser.close()
  }
  say(`The pictures are in ${values.out}.`)
}

/** As `--look` takes it and the files have it. */
function nameOf({ texts, theme, width }: Look): string {
  return `${texts.locale}-${theme}-${width}`
}

async function photograph(browser: Browser, look: Look, out: string): Promise<void> {
  const { texts, theme, width } = look
  const fresh = await RelayProcess.start({ registration: 'invite' })
  const lived = await RelayProcess.start({ registration: 'open' })
  const link = await Link.to(() => lived.port)
  const { minjiId, ...fates } = await settle(new Village(lived))
  await settleRooms(lived.url, minjiId)
  const context = await browser.newContext({
    locale: texts.locale === 'ko' ? 'ko-KR' : 'en-US',
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height: width < 500 ? 740 : 860 }
  })
  const page = await context.newPage()
  let taken = 0
  const shot: Shot = async (name) => {
    taken += 1
    const file = `${String(taken).padStart(2, '0')}-${name}-${nameOf(look)}.png`
    await page.evaluate(async () => document.fonts.ready)
    await page.screenshot({ path: join(out, file) })
  }
  try {
    await page.goto(`${fresh.url}/`)
    await firstRun(page, texts, fresh.ownerCode ?? '', shot)
    await page.goto(`http://127.0.0.1:${link.port}/`)
    await living({ page, texts, link, fates, narrow: width < 720 }, shot)
  } finally {
    await context.close()
    await link.cut()
    await fresh.dispose()
    await lived.dispose()
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

type Shot = (name: string) => Promise<void>

/** Who is new here, on a relay without accounts: three screens, and the rooms that are not there yet. */
async function firstRun(page: Page, texts: Texts, ownerCode: string, shot: Shot): Promise<void> {
  await page.getByRole('heading', { name: texts.firstRun.whoTitle }).waitFor()
  await shot('who')
  await page.getByLabel(texts.signIn.displayName).fill(texts === ko ? '김민지' : 'Minji Kim')
  await page.getByRole('button', { name: texts.firstRun.next }).click()
  await page.getByRole('heading', { name: texts.firstRun.relayTitle }).waitFor()
  await shot('account')
  await page.getByRole('button', { name: texts.signIn.createSubmit }).click()
  await page.getByText(texts.signIn.missing.password).waitFor()
  await shot('account-problems')
  await page.getByLabel(texts.signIn.password, { exact: true }).fill(PASSWORD)
  await page.getByLabel(texts.signIn.ownerCode).fill(ownerCode)
  await page.getByRole('button', { name: texts.signIn.createSubmit }).click()
  await page.getByRole('heading', { name: texts.firstRun.roomTitle }).waitFor()
  await shot('first-room')
  await page.getByRole('button', { name: texts.firstRun.skip }).click()
  await page.getByText(texts.rooms.none).waitFor()
  await shot('no-rooms')
}

interface Life {
  page: Page
  texts: Texts
  link: Link
  fates: Fates
  narrow: boolean
}

/** Who lives here: signs in, looks around, loses the cable, and is refused. */
async function living({ page, texts, link, fates, narrow }: Life, shot: Shot): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const seen = (words: string) => page.getByText(words).filter({ visible: true }).first()
  const room = (name: string) => page.getByRole('navigation', { name: texts.rooms.title }).getByRole('link', { name })

  await button(texts.signIn.toSignIn).click()
  await page.getByLabel(texts.signIn.username, { exact: true }).fill('minji')
  await page.getByLabel(texts.signIn.password, { exact: true }).fill('wrong password')
  await button(texts.signIn.submit).click()
  await page.getByText(texts.errors['wrong-credentials']).waitFor()
  await shot('sign-in-wrong-password')
  await page.getByLabel(texts.signIn.password, { exact: true }).fill(PASSWORD)
  await button(texts.signIn.submit).click()
  await room(FAMILY).waitFor()
  await seen(texts.connection.connected).waitFor()
  await shot('rooms')

  await button(texts.rooms.newRoom).click()
  await page.getByRole('dialog').waitFor()
  await shot('new-room')
  await page.keyboard.press('Escape')
  await button(texts.rooms.invite).click()
  await button(texts.invite.make).click()
  await page.getByLabel(texts.invite.code, { exact: true }).waitFor()
  await shot('invite')
  await page.keyboard.press('Escape')
  await button(texts.settings.open).click()
  await page.getByRole('dialog').waitFor()
  await shot('settings')
  await page.keyboard.press('Escape')
  await throughRooms({ page, texts, narrow }, shot)

  await room(LAB).click()
  await button(texts.timeline.showAll).waitFor()
  await shot('folded')
  if (narrow) await page.goBack()
  await room(HIKE).click()
  await page.getByRole('log').locator('pre').waitFor()
  await shot('room-marks')
  if (narrow) await page.goBack()
  await room(FAMILY).click()
  await page.getByText('천천히 오렴.').last().waitFor()
  await room(FAMILY).getByText(texts.rooms.unread('5')).waitFor({ state: 'detached' })
  await shot('room')
  for (const [name, preferences] of Object.entries(EYES)) {
    await page.evaluate((words) => localStorage.setItem('maru.preferences', words), JSON.stringify(preferences))
    await page.reload()
    await page.getByRole('log').getByRole('article').first().waitFor()
    await shot(name)
  }
  const article = (text: string) => page.getByRole('article').filter({ hasText: text })
  await article('조심히 와').getByTestId('message-body').click({ button: 'right' })
  await page.getByRole('menu').waitFor()
  await shot('message-menu')
  await page.getByRole('menuitem', { name: texts.forward.action, exact: true }).click()
  const forward = page.getByRole('dialog', { name: texts.forward.title })
  await forward.getByRole('option', { name: HIKE }).click()
  await forward.getByRole('option', { name: '이모' }).click()
  await shot('forward')
  await page.keyboard.press('Escape')
  await forward.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: texts.timeline.editHistory }).first().click()
  await page.getByRole('dialog').getByRole('listitem').waitFor()
  await shot('edits')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: texts.pins.all(2) }).click()
  await page.getByRole('dialog').getByRole('listitem').first().waitFor()
  await shot('pins')
  await page.keyboard.press('Escape')
  await article('조심히 와').getByTestId('message-body').click({ button: 'right' })
  await page.getByRole('menuitem', { name: texts.timeline.edit, exact: true }).click()
  await button(texts.composer.cancelEdit).waitFor()
  await shot('edit')
  await button(texts.composer.cancelEdit).click()
  await article('천천히 오렴.').getByTestId('message-body').hover()
  await button(texts.timeline.reply).click()
  await button(texts.composer.cancelReply).waitFor()
  await shot('reply')
  await button(texts.composer.cancelReply).click()
  const field = page.getByLabel(texts.composer.label, { exact: true })
  await field.pressSequentially('@')
  await page.getByRole('listbox').waitFor()
  await shot('mention')
  await field.fill('가나다라마바사 '.repeat(3_000))
  await page.getByRole('button', { name: texts.composer.sendInPieces(2) }).waitFor()
  await shot('too-long')
  await field.fill('')
  await button(texts.emoji.open).click()
  await page.getByRole('option').first().waitFor()
  await shot('emoji')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('option').first().waitFor()
  await shot('switcher')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+/')
  await page.getByRole('dialog').waitFor()
  await shot('shortcuts')
  await page.keyboard.press('Escape')
  await article('조심히 와').getByTestId('message-body').click({ button: 'right' })
  await page.getByRole('menuitem', { name: texts.timeline.delete, exact: true }).click()
  await page.getByText(texts.timeline.deleteText).waitFor()
  await shot('delete')
  await page.keyboard.press('Escape')
  await button(texts.room.menu).click()
  await page.getByRole('menu').waitFor()
  await shot('room-menu')
  await page.getByRole('menuitem', { name: texts.room.rename }).click()
  await page.getByRole('dialog').waitFor()
  await shot('rename-room')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: texts.members.count(3) }).click()
  await page.getByRole('dialog').waitFor()
  await shot('members')
  await button(texts.members.add).click()
  await page.getByText(texts.members.everyone).or(page.getByRole('checkbox')).first().waitFor()
  await shot('add-members')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: texts.members.count(3) }).click()
  await button(texts.members.leave).click()
  await page.getByText(texts.members.leaveText).waitFor()
  await shot('leave-room')
  await page.keyboard.press('Escape')

  await link.cut()
  await seen(texts.connection.waiting.unreachable).waitFor()
  const composer = page.getByRole('textbox', { name: texts.composer.label })
  for (const body of texts === ko ? ['지하철이에요', '금방 가요'] : ['I am on the train', 'There soon']) {
    await composer.fill(body)
    await composer.press('Enter')
  }
  await composer.fill(texts === ko ? '아직 다 쓰지 않은 말' : 'A thought not finished yet')
  await shot('room-offline')
  if (narrow) await button(texts.back).click()
  await button(texts.outbox.open(2)).first().click()
  await page.getByRole('dialog').waitFor()
  await shot('outbox')
  await page.keyboard.press('Escape')
  await shot('rooms-offline')
  await button(texts.rooms.signOut).click()
  await page.getByRole('dialog').waitFor()
  await shot('sign-out')
  await page.keyboard.press('Escape')

  // A message into a room that one is no longer in, as it turns out.
  await room(LAB).click()
  await composer.fill(texts === ko ? '3시에 갈게요' : 'I will come at three')
  await composer.press('Enter')
  await fates.removeFromLab()
  await link.heal()
  await page.getByRole('log').getByLabel(texts.timeline.refused, { exact: true }).waitFor()
  await shot('refused')
  await fates.endSessions()
  await seen(texts.connection.endedWhy.revoked).waitFor()
  await shot('signed-out')
}

await main()
