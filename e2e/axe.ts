// What axe and the narrowest window find wrong with a screen, in both themes, narrow and wide, for each language.
import { AxeBuilder } from '@axe-core/playwright'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { ko } from '../src-renderer/texts/ko.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'
import { languages } from './languages.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
const NARROW = { width: 360, height: 740 }
export const WIDE = { width: 1280, height: 800 }

export interface Look {
  size: typeof WIDE
  colorScheme: 'light' | 'dark'
}

/** Each language in both themes and both sizes, each theme in both sizes: every pair is looked at once. */
const ALL: readonly { texts: Texts; looks: readonly Look[] }[] = [
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
/** The small form takes one journey. */
export const SPEECHES = ALL.filter(({ texts }) => languages(ko).includes(texts))
/** 1280 px at 400 %: nothing may need scrolling sideways (WCAG 1.4.10). */
const ZOOMED = { width: 320, height: 256 }

export interface Finding {
  rule: string
  where: unknown
}

/** What is wrong with the page as it is. */
export async function findings(page: Page, looks: readonly Look[]): Promise<Finding[]> {
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
  // An open menu follows the window a few frames later.
  const width = async () => page.evaluate(() => document.documentElement.scrollWidth)
  const fits = expect.poll(width, { timeout: 3_000 }).toBeLessThanOrEqual(ZOOMED.width)
  const why = await fits.then(
    () => undefined,
    async () => `${await width()} px wide at 400 %`
  )
  if (why !== undefined) found.push({ rule: 'reflow', where: why })
  await page.setViewportSize(WIDE)
  return found
}
