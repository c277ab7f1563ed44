// Writing, in a real browser: input methods, long texts, mentions, emoji, an edit that waits.
import type { CDPSession, Locator, Page } from '@playwright/test'
import { MAX_BODY_CHARS } from '../protocol/limits.ts'
import { en } from '../src-renderer/texts/en.ts'
import { drafts, askAs, message, react, storedMessages } from './acts.ts'
import { expect, KEPT, test } from './fixtures.ts'
import type { Person } from './fixtures.ts'

const ROOM = 'Hall'
const HANGUL = [
  ['KeyG', 'ㅎ'],
  ['KeyK', '하'],
  ['KeyS', '한']
] as const

/** The field, also while something can be chosen for it. */
const field = (page: Page): Locator => page.getByLabel(en.composer.label, { exact: true })

/** An input method, as Chromium sees one: keys that it takes, what is being composed, and what comes of it. */
class InputMethod {
  readonly #session: CDPSession

  private constructor(session: CDPSession) {
    this.#session = session
  }

  static async at(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page))
  }

  /** Puts together `states`, the last one unfinished. */
  async compose(states: readonly (readonly [code: string, text: string])[]): Promise<void> {
    for (const [code, text] of states) {
      await this.#takenKey('rawKeyDown', code)
      await this.#session.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length
      })
      await this.#takenKey('keyUp', code)
    }
  }

  /** Enter, with which the input method ends what it composes. `again`: macOS sends the key once more. */
  async enter(text: string, { again = false, modifiers = 0 } = {}): Promise<void> {
    await this.#takenKey('rawKeyDown', 'Enter', modifiers)
    await this.#session.send('Input.insertText', { text })
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, modifiers }
    if (again) await this.#session.send('Input.dispatchKeyEvent', { type: 'keyDown', text: '\r', ...enter })
    await this.#session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
  }

  async #takenKey(type: 'rawKeyDown' | 'keyUp', code: string, modifiers = 0): Promise<void> {
    await this.#session.send('Input.dispatchKeyEvent', {
      type,
      code,
      key: 'Process',
      windowsVirtualKeyCode: 229,
      modifiers
    })
  }
}

async function alone({ client }: Person): Promise<Page> {
  await client.createRoom(ROOM, [])
  return client.page
}

test('Hangul: one Enter is one message with its last syllable, whatever the system tells', async ({ world }) => {
  const minji = await world.arrive('relay', 'Minji')
  const { client } = minji
  const page = await alone(minji)
  const ime = await InputMethod.at(page)
  const said: string[] = []
  for (const again of [false, true]) {
    await field(page).focus()
    await ime.compose(HANGUL)
    await expect(field(page)).toHaveValue('한')
    await ime.enter('한', { again })
    said.push('한')
    await expect.poll(async () => client.messages(ROOM)).toEqual(said)
    await expect(field(page)).toHaveValue('')
  }
  await field(page).pressSequentially('abc ')
  await ime.compose(HANGUL)
  await ime.enter('한', { again: true, modifiers: 8 })
  await expect(field(page)).toHaveValue('abc 한\n')
  await ime.compose(HANGUL)
  await page.getByRole('button', { name: en.composer.send }).click()
  said.push('abc 한\n한')
  await expect.poll(async () => client.messages(ROOM)).toEqual(said)
  await expect(field(page)).toHaveValue('')
})

test('Japanese: the Enter that picks only picks; no shortcut fires while composing', async ({ world }) => {
  const minji = await world.arrive('relay', 'Minji')
  const { client } = minji
  const page = await alone(minji)
  const ime = await InputMethod.at(page)
  await field(page).focus()
  await ime.compose([
    ['KeyN', 'n'],
    ['KeyI', 'に'],
    ['Space', '日本']
  ])
  await ime.enter('日本')
  await expect(field(page)).toHaveValue('日本')
  expect(await client.messages(ROOM)).toEqual([])
  await ime.compose(HANGUL)
  const session = await page.context().newCDPSession(page)
  for (const code of ['KeyK', 'Slash', 'Comma'])
    await session.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      code,
      key: 'Process',
      windowsVirtualKeyCode: 229,
      modifiers: 2
    })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await ime.enter('한')
  await expect.poll(async () => client.messages(ROOM)).toEqual(['日本한'])
})

test('100,000 characters: told before, never cut, sent in pieces and in order', { tag: KEPT }, async ({ world }) => {
  test.setTimeout(180_000)
  const minji = await world.arrive('relay', 'Minji')
  const { client, link } = minji
  const page = await alone(minji)
  const line = '가나다라마바사 아자차카타파하. '
  const text = Array.from({ length: Math.ceil(100_000 / line.length) }, (_, at) => `${at} ${line}`)
    .join('')
    .slice(0, 100_000)
    .trimEnd()
  await page.evaluate(() => {
    const seen: number[] = []
    new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask'
    })
    Object.assign(window, { longTasks: seen })
  })
  await field(page).focus()
  // As a paste: one insertion.
  await page.keyboard.insertText(text)
  await expect(page.getByText(en.composer.overLimit(text.length - MAX_BODY_CHARS, MAX_BODY_CHARS))).toBeVisible()
  await expect(field(page)).toHaveValue(text)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(field(page)).toHaveValue('')
  await page.keyboard.press('ControlOrMeta+Shift+z')
  await expect(field(page)).toHaveValue(text)
  await page.keyboard.press('Enter')
  await expect(field(page)).toHaveValue(text)
  await page.keyboard.insertText('x')
  await expect(field(page)).toHaveValue(`${text}x`)
  await page.keyboard.press('Backspace')
  const tasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks)
  test.info().annotations.push({ type: 'long tasks (ms)', description: tasks.map(Math.round).join(' ') || 'none' })

  // Kept as a draft, whatever happens.
  await expect.poll(async () => drafts(page)).toContain(text)
  await client.restart()
  await client.openRoom(ROOM)
  const again = client.page
  await expect(field(again)).toHaveValue(text)

  await link.cut()
  const button = again.getByRole('button', { name: /^Send as \d+ messages$/ })
  const count = Number(/\d+/.exec((await button.textContent()) ?? '')?.[0])
  expect(count).toBeGreaterThanOrEqual(5)
  await button.click()
  await expect(field(again)).toHaveValue('')
  await expect(client.waiting(ROOM)).not.toHaveCount(0)
  await link.heal()
  const ask = await askAs(again, world.relay.url)
  const roomId = decodeURIComponent(/room\/([^/?#]+)/.exec(again.url())?.[1] ?? '')
  const bodies = async () =>
    (await storedMessages(ask, roomId)).filter(({ kind }) => kind === 'text').map(({ body }) => body)
  await expect.poll(async () => (await bodies()).length, { timeout: 30_000 }).toBe(count)
  const sent = await bodies()
  expect(sent.join(' ')).toBe(text)
  for (const body of sent) expect(body.length).toBeLessThanOrEqual(MAX_BODY_CHARS)
})

test('mentions by name, initial consonants and username; the list follows a syllable that is being composed', async ({
  world
}) => {
  const minsu = await world.arrive('relay', 'Minsu')
  const { client } = await world.arrive('relay', 'Minji')
  await client.createRoom(ROOM, ['Minsu'])
  const { page } = client
  const list = page.getByRole('listbox', { name: en.composer.people })
  await field(page).pressSequentially('hi @mi')
  await expect(list.getByRole('option')).toHaveText(['MMinsuminsu'])
  await expect(field(page)).toHaveAttribute('aria-activedescendant', /.+/)
  await page.keyboard.press('Escape')
  await expect(list).toHaveCount(0)
  await page.keyboard.press('Backspace')
  await expect(list).toHaveCount(0)
  await field(page).fill('')
  await field(page).pressSequentially('hi @mi')
  await page.keyboard.press('Enter')
  await expect(field(page)).toHaveValue('hi @Minsu ')
  expect(await client.messages(ROOM)).toEqual([])
  await page.keyboard.press('Enter')
  await expect.poll(async () => client.messages(ROOM)).toEqual(['hi @Minsu '])

  // A name in Hangul, by its initials and by half a syllable.
  await minsu.client.page.keyboard.press('Control+,')
  const settings = minsu.client.page.getByRole('dialog')
  await settings.getByLabel(en.signIn.displayName).fill('김민수')
  await settings.getByRole('button', { name: en.save }).click()
  const ime = await InputMethod.at(page)
  await field(page).pressSequentially('@')
  await expect(list.getByText('김민수')).toBeVisible()
  for (const [code, text] of [
    ['KeyR', 'ㄱ'],
    ['KeyL', '기'],
    ['KeyA', '김']
  ] as const) {
    await ime.compose([[code, text]])
    await expect(list.getByRole('option')).toHaveCount(1)
  }
  await ime.enter('김', { again: true })
  await expect(field(page)).toHaveValue('@김민수 ')
  await field(page).fill('')
  await page.keyboard.insertText('@ㄱㅁㅅ')
  await list.getByRole('option').click()
  await expect(field(page)).toHaveValue('@김민수 ')
  await expect(field(page)).toBeFocused()
  await page.keyboard.insertText('님, 안녕')
  await page.keyboard.press('Enter')
  const ask = await askAs(page, world.relay.url)
  const roomId = decodeURIComponent(/room\/([^/?#]+)/.exec(page.url())?.[1] ?? '')
  const mentioned = async () =>
    (await storedMessages(ask, roomId))
      .filter(({ kind }) => kind === 'text')
      .map((each) => ('mentions' in each ? each.mentions : []))
  await expect.poll(mentioned).toHaveLength(2)
  const [first, second] = await mentioned()
  expect(first).toHaveLength(1)
  expect(second).toEqual(first)
})

test(
  'emoji by shortcode and by picker, in a message and as a reaction, in one form',
  { tag: KEPT },
  async ({ world }) => {
    const minji = await world.arrive('relay', 'Minji')
    const { client } = minji
    const page = await alone(minji)
    await field(page).pressSequentially('well done :tad')
    await expect(page.getByRole('listbox', { name: en.composer.emoji }).getByRole('option').first()).toContainText('🎉')
    await page.keyboard.press('Tab')
    await expect(field(page)).toHaveValue('well done 🎉 ')
    await page.keyboard.type(':heart:')
    await expect(field(page)).toHaveValue('well done 🎉 ❤️')

    await page.getByRole('button', { name: en.emoji.open }).click()
    const picker = page.getByRole('dialog', { name: en.emoji.title })
    await expect(picker.getByRole('combobox', { name: en.emoji.search })).toBeFocused()
    await page.keyboard.insertText('ㅎㄹㅇ')
    await expect(picker.getByRole('option', { name: 'tiger', exact: true })).toBeVisible()
    await picker.getByRole('combobox').fill('thumbs up')
    await expect(picker.getByRole('option', { selected: true })).toHaveText('👍')
    await page.keyboard.press('Enter')
    await expect(picker).toHaveCount(0)
    await expect(field(page)).toBeFocused()
    await expect(field(page)).toHaveValue('well done 🎉 ❤️👍')
    await page.keyboard.press('Enter')
    await expect.poll(async () => client.messages(ROOM)).toEqual(['well done 🎉 ❤️👍'])

    // What was used lately comes first, here too after a restart.
    await client.restart()
    await client.openRoom(ROOM)
    await client.page.getByRole('button', { name: en.emoji.open }).click()
    await expect(client.page.getByRole('dialog').getByRole('option').first()).toHaveText('👍')
    await client.page.keyboard.press('Escape')
    await expect(field(client.page)).toBeFocused()
    await react(client.page, 'well done 🎉 ❤️👍', '❤️')
    await expect(message(client.page, 'well done 🎉 ❤️👍').getByRole('button', { pressed: true })).toHaveCount(1)
  }
)

test('an unfinished edit waits in its room, beside the draft', { tag: KEPT }, async ({ world }) => {
  const minji = await world.arrive('relay', 'Minji')
  const { client } = minji
  const page = await alone(minji)
  await client.createRoom('Kitchen', [])
  await client.openRoom(ROOM)
  await client.send('see you at sx')
  await expect.poll(async () => client.messages(ROOM)).toEqual(['see you at sx'])
  await field(page).fill('')
  await page.keyboard.press('ArrowUp')
  await expect(page.getByText(en.composer.editing, { exact: true })).toBeVisible()
  await field(page).fill('see you at six')
  await client.openRoom('Kitchen')
  await expect(field(page)).toHaveValue('')
  await client.openRoom(ROOM)
  await expect(field(page)).toHaveValue('see you at six')
  await expect(page.getByText(en.composer.editing, { exact: true })).toBeVisible()
  await client.restart()
  await client.openRoom(ROOM)
  await expect(field(client.page)).toHaveValue('see you at six')
  await client.page.keyboard.press('Enter')
  await expect.poll(async () => client.messages(ROOM)).toEqual(['see you at six'])
  await expect(client.page.getByText(en.composer.editing, { exact: true })).toHaveCount(0)
  await client.openRoom('Kitchen')
  await client.openRoom(ROOM)
  await expect(field(client.page)).toHaveValue('')
})

test('where Shift+Enter sends, Enter breaks the line', async ({ world }) => {
  const minji = await world.arrive('relay', 'Minji')
  const { client } = minji
  const page = await alone(minji)
  await page.keyboard.press('Control+,')
  const dialog = page.getByRole('dialog', { name: en.settings.title })
  await dialog.getByRole('radio', { name: en.settings.enterBreaks }).click()
  await page.keyboard.press('Escape')
  await field(page).pressSequentially('one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two')
  await expect(field(page)).toHaveValue('one\ntwo')
  await page.keyboard.press('Shift+Enter')
  await expect.poll(async () => client.messages(ROOM)).toEqual(['one\ntwo'])
})
