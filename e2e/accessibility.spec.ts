// WCAG 2.2 AA as far as a machine can tell: every screen and dialog, in both languages and themes, narrow and wide.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { ko } from '../src-renderer/texts/ko.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'
import { PASSWORD } from './client.ts'
import { expect, test } from './fixtures.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
const NARROW = { width: 360, height: 740 }
const WIDE = { width: 1280, height: 800 }

interface Look {
  size: typeof WIDE
  colorScheme: 'light' | 'dark'
}

/** Each language in both themes and both sizes, each theme in both sizes: every pair is looked at once. */
const SPEECHES: readonly { texts: Texts; looks: readonly Look[] }[] = [
  {
    texts: ko,
    looks: [
      { size: NARROW, colorScheme: 'light' },
      { size: WIDE, colorScheme: 'dark' }
    ]
  },
  {
    texts: en,
    looks: [
      { size: NARROW, colorScheme: 'dark' },
      { size: WIDE, colorScheme: 'light' }
    ]
  }
]
/** 1280 px at 400 %: nothing may need scrolling sideways (WCAG 1.4.10). */
const ZOOMED = { width: 320, height: 256 }

// Each language has a relay and a browser of its own.
test.describe.configure({ mode: 'parallel' })

interface Finding {
  rule: string
  where: unknown
}

/** What is wrong with the page as it is. */
async function findings(page: Page, looks: readonly Look[]): Promise<Finding[]> {
  const found: Finding[] = []
  for (const { size, colorScheme } of looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode().withTags(TAGS).analyze()
    // A screen has words: where their contrast was not found good, axe has not looked.
    if (!passes.some(({ id }) => id === 'color-contrast')) found.push({ rule: 'not looked at', where: colorScheme })
    for (const { id, nodes } of violations)
      for (const { target, failureSummary } of nodes)
        found.push({ rule: `${id} (${colorScheme}, ${size.width})`, where: [target, failureSummary] })
  }
  await page.setViewportSize(ZOOMED)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  if (width > ZOOMED.width) found.push({ rule: 'reflow', where: `${width} px wide at 400 %` })
  await page.setViewportSize(WIDE)
  return found
}

for (const { texts, looks } of SPEECHES) {
  test(`every screen and dialog in ${texts.locale}`, async ({ world }) => {
    test.setTimeout(180_000)
    const { client, link } = await world.open('relay')
    const { page } = client
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const dialog = (name: string) => page.getByRole('dialog', { name })
    const found: Record<string, Finding[]> = {}
    const look = async (screen: string) => {
      found[screen] = await findings(page, looks)
    }

    const foreign: string[] = []
    page.on('request', (request) => {
      if (/^https?:/.test(request.url()) && new URL(request.url()).host !== new URL(page.url()).host)
        foreign.push(request.url())
    })

    await page.evaluate((language) => {
      localStorage.setItem('maru.preferences', JSON.stringify({ language }))
    }, texts.locale)
    await page.reload()
    await expect(page.getByRole('heading', { name: texts.firstRun.whoTitle })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', texts.locale)
    await button(texts.signIn.toSignIn).click()
    await button(texts.signIn.submit).click()
    await look('sign-in with problems')
    await button(texts.signIn.toCreate).click()
    await button(texts.firstRun.next).click()
    await look('who one is')
    await page.getByLabel(texts.signIn.displayName).fill('Dana Lee')
    await button(texts.firstRun.next).click()
    await look('the relay')
    await page.getByLabel(texts.signIn.password, { exact: true }).fill(PASSWORD)
    await button(texts.signIn.createSubmit).click()
    await expect(page.getByRole('heading', { name: texts.firstRun.roomTitle })).toBeVisible()
    await look('the first room')
    await button(texts.firstRun.skip).click()
    await look('no rooms')

    await button(texts.rooms.newRoom).click()
    await expect(dialog(texts.newRoom.title)).toBeVisible()
    await look('a new room')
    await page.getByLabel(texts.newRoom.name).fill('Hall')
    await button(texts.newRoom.create).click()
    const composer = page.getByRole('textbox', { name: texts.composer.label })
    await expect(composer).toBeVisible()
    await look('an empty room')
    await composer.fill('https://example.com 안녕')
    await composer.press('Enter')
    await expect(page.getByTestId('message-body')).toHaveCount(1)
    await look('a room')
    await button(texts.members.count(1)).click()
    await expect(dialog(texts.members.title)).toBeVisible()
    await look('its members')
    await button(texts.members.leave).click()
    await look('leaving it')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)

    await page.keyboard.press('Control+,')
    await expect(dialog(texts.settings.title)).toBeVisible()
    await look('settings')
    await page.keyboard.press('Escape')
    await button(texts.rooms.invite).click()
    await button(texts.invite.make).click()
    await expect(page.getByLabel(texts.invite.code, { exact: true })).toBeVisible()
    await look('an invite')
    await page.keyboard.press('Escape')
    await button(texts.rooms.signOut).click()
    await expect(dialog(texts.rooms.signOutTitle)).toBeVisible()
    await look('signing out')
    await page.keyboard.press('Escape')

    await link.cut()
    await client.badge(texts.connection.waiting.unreachable)
    await composer.fill('later')
    await composer.press('Enter')
    await button(texts.outbox.open(1)).click()
    await expect(dialog(texts.outbox.title)).toBeVisible()
    await look('the outbox')

    // Latin and Hangul come from the app itself, and nothing from anywhere else.
    const faces = async () => (await document.fonts.load('16px "Pretendard Variable"', 'Maru 마루')).length
    expect(await page.evaluate(faces)).toBeGreaterThan(1)
    expect(foreign).toEqual([])
    const wrong = Object.entries(found).filter(([, { length }]) => length > 0)
    expect(wrong).toEqual([])
  })
}
