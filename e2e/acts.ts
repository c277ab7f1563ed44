// What a person does with messages by pointing at them, and what the open room shows as plain data: for specs that do much of it.
import type { Locator, Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'

/** A message by its text, in whatever room is open. */
export function message(page: Page, text: string): Locator {
  const body = page.getByTestId('message-body').getByText(text, { exact: true })
  return page.getByRole('log').getByRole('article').filter({ has: body })
}

async function openMenu(page: Page, text: string): Promise<void> {
  await message(page, text).getByTestId('message-body').click({ button: 'right' })
}

export async function choose(page: Page, text: string, action: string): Promise<void> {
  await openMenu(page, text)
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

/** Sets, or takes away what is set. */
export async function react(page: Page, text: string, emoji: string): Promise<void> {
  await openMenu(page, text)
  await page.getByRole('menuitemcheckbox', { name: en.timeline.reactWith(emoji) }).click()
}

export async function edit(page: Page, text: string, changed: string): Promise<void> {
  await choose(page, text, en.timeline.edit)
  const composer = page.getByRole('textbox', { name: en.composer.label })
  await composer.fill(changed)
  await composer.press('Enter')
}

export async function remove(page: Page, text: string): Promise<void> {
  await choose(page, text, en.timeline.delete)
  await page.getByRole('dialog').getByRole('button', { name: en.timeline.delete }).click()
}

export interface Shown {
  /** Null: it was deleted. */
  text: string | null
  /** With the number of people. */
  reactions: string[]
}

/** The messages of the open room that are drawn, top to bottom, with what hangs on them. */
export async function shown(page: Page): Promise<Shown[]> {
  return page.getByRole('log').evaluate((log) =>
    [...log.querySelectorAll('article')].map((article) => ({
      text: article.querySelector('[data-testid="message-body"]')?.textContent ?? null,
      reactions: [...article.querySelectorAll('button[aria-pressed]')].map(({ textContent }) => textContent)
    }))
  )
}

/** With a body it is a POST, unless another method is said. */
export type Ask = <Answer>(path: string, body?: unknown, method?: 'PATCH' | 'PUT') => Promise<Answer>

/** The relay's REST as the person who is signed in at this page. */
export async function askAs(page: Page, relayUrl: string): Promise<Ask> {
  const session = await page.evaluate(() => window.localStorage.getItem('maru.session'))
  const { token } = JSON.parse(session ?? '{}') as { token?: string }
  return async <Answer>(path: string, body?: unknown, method = 'POST') => {
    const answer = await fetch(`${relayUrl}/api/v1${path}`, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` },
      ...(body === undefined ? {} : { method, body: JSON.stringify(body) })
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
}

export interface StoredMessage {
  id: string
  seq: number
  kind: string
  body: string
}

/** All messages of a room as the relay has them, by seq. */
export async function storedMessages(ask: Ask, roomId: string): Promise<StoredMessage[]> {
  const stored: StoredMessage[] = []
  let before: number | null = null
  do {
    const query: string = before === null ? '' : `&before=${before}`
    const page: { messages: StoredMessage[]; olderCursor: number | null } = await ask(
      `/rooms/${roomId}/messages?limit=200${query}`
    )
    stored.unshift(...page.messages)
    before = page.olderCursor
  } while (before !== null)
  return stored
}

/** The rows of all databases of this origin whose name matches, past the client's own code. */
export async function rowsOf(page: Page, databases: RegExp): Promise<Record<string, unknown>[]> {
  return page.evaluate(async (pattern) => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')))
      })
    const found: Record<string, unknown>[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      if (!new RegExp(pattern).test(name)) continue
      const database = await settled(indexedDB.open(name))
      found.push(...(await settled(database.transaction('docs').objectStore('docs').getAll())))
      database.close()
    }
    return found
  }, databases.source)
}

/** The texts that are kept as drafts, on the disk. */
export async function drafts(page: Page): Promise<unknown[]> {
  return (await rowsOf(page, /-own-.*--drafts$/)).map((row) => row['text'])
}
