// WCAG 2.2 AA as far as a machine can tell: every screen and dialog, in both languages and themes, narrow and wide.
import type { Page } from '@playwright/test'
import { MAX_BODY_CHARS } from '../protocol/limits.ts'
import { newId } from '../protocol/values.ts'
import { findings, SPEECHES, WIDE } from './axe.ts'
import type { Finding } from './axe.ts'
import { PASSWORD } from './client.ts'
import { expect, test } from './fixtures.ts'

// Each language has a relay and a browser of its own.
test.describe.configure({ mode: 'parallel' })

/** Somebody who acts by REST alone. */
async function person(url: string, username: string, displayName: string) {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    token?: string
  ): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    const words = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${words}`)
    return JSON.parse(words || '{}') as Record<string, unknown>
  }
  const account = await call('POST', '/accounts', { username, password: PASSWORD, displayName })
  const act = async (method: string, path: string, body?: unknown) => call(method, path, body, String(account['token']))
  return {
    id: (account['user'] as { id: string }).id,
    act,
    async room(name: string, memberIds: readonly string[]): Promise<string> {
      const id = newId()
      await act('POST', '/rooms', { id, kind: 'group', name, memberIds })
      return id
    },
    async say(roomId: string, body: string, replyTo?: string): Promise<string> {
      const id = newId()
      await act('POST', `/rooms/${roomId}/messages`, { id, body, ...(replyTo === undefined ? {} : { replyTo }) })
      return id
    }
  }
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
    await expect(dialog(texts.details.title)).toBeVisible()
    await look('its details')
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
    const faces = async (family: string) => (await document.fonts.load(`16px "${family}"`, 'Maru 마루')).length
    expect(await page.evaluate(faces, 'Pretendard First')).toBe(2)
    expect(await page.evaluate(faces, 'Pretendard Variable')).toBeGreaterThan(1)
    expect(foreign).toEqual([])
    const wrong = Object.entries(found).filter(([, { length }]) => length > 0)
    expect(wrong).toEqual([])
  })

  test(`what is done with messages and rooms in ${texts.locale}`, async ({ world }) => {
    test.setTimeout(240_000)
    const dana = await person(world.relay.url, 'dana', 'Dana Lee')
    const eun = await person(world.relay.url, 'eun', '은')
    const hall = await dana.room('Hall', [eun.id])
    const cellar = await eun.room('Cellar', [dana.id])
    const asked = await dana.say(hall, 'who brings the rice?')
    const answer = await eun.say(hall, 'I do. https://example.com', asked)
    const typo = await eun.say(hall, 'and the chars')
    await eun.act('PATCH', `/rooms/${hall}/messages/${typo}`, { body: 'and the chairs' })
    const slip = await eun.say(hall, 'wrong room')
    await eun.act('DELETE', `/rooms/${hall}/messages/${slip}`)
    await eun.act('PUT', `/rooms/${hall}/messages/${asked}/reactions/${encodeURIComponent('👍')}`)
    await dana.act('PUT', `/rooms/${hall}/messages/${answer}/reactions/${encodeURIComponent('🙏')}`)
    await eun.say(cellar, 'come down')

    const { client, link } = await world.open('relay')
    const { page } = client
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const dialog = (name: string) => page.getByRole('dialog', { name })
    const item = (name: string) => page.getByRole('menuitem', { name, exact: true })
    const room = (name: string) => page.getByRole('navigation', { name: texts.rooms.title }).getByRole('link', { name })
    const body = (text: string) => page.getByTestId('message-body').getByText(text, { exact: true })
    const composer = page.getByRole('textbox', { name: texts.composer.label })
    const found: Record<string, Finding[]> = {}
    const look = async (screen: string) => {
      found[screen] = await findings(page, looks)
    }
    const menuOf = async (text: string) => {
      await body(text).click({ button: 'right' })
      await expect(page.getByRole('menu')).toBeVisible()
    }
    const roomMenu = async () => {
      await button(texts.room.menu).click()
      await expect(page.getByRole('menu')).toBeVisible()
    }
    const send = async (text: string) => {
      await composer.fill(text)
      await composer.press('Enter')
    }

    await page.evaluate((language) => {
      localStorage.setItem('maru.preferences', JSON.stringify({ language }))
    }, texts.locale)
    await page.reload()
    await page.setViewportSize(WIDE)
    await button(texts.signIn.toSignIn).click()
    await page.getByLabel(texts.signIn.username, { exact: true }).fill('dana')
    await page.getByLabel(texts.signIn.password, { exact: true }).fill(PASSWORD)
    await button(texts.signIn.submit).click()
    await expect(room('Hall').getByText(texts.rooms.unread('2'))).toBeAttached()
    await look('rooms with unread messages')

    await room('Hall').click()
    await expect(page.getByText(texts.timeline.unreadLine)).toBeVisible()
    await page
      .getByRole('article')
      .filter({ has: body('and the chairs') })
      .focus()
    await expect(page.getByRole('toolbar', { name: texts.timeline.tools })).toBeVisible()
    await look('a room with answers, reactions, a divider and the tools of a message')
    await menuOf('who brings the rice?')
    await look('the menu of an own message')
    await item(texts.timeline.delete).click()
    await expect(dialog(texts.timeline.deleteTitle)).toBeVisible()
    await look('deleting a message')
    await page.keyboard.press('Escape')
    await menuOf('and the chairs')
    await look("the menu of another's message")
    await item(texts.timeline.reply).click()
    await expect(composer).toBeFocused()
    await look('answering')
    await page.keyboard.press('Escape')
    await composer.press('ArrowUp')
    await expect(composer).toHaveValue('who brings the rice?')
    await look('editing')
    await page.keyboard.press('Escape')

    await roomMenu()
    await look('the menu of a room')
    await item(texts.room.pin).click()
    await roomMenu()
    await item(texts.room.mute).click()
    await look('for how long a room is muted')
    await item(texts.muting.forGood).click()
    await expect(room('Hall').getByLabel(texts.rooms.muted)).toBeVisible()
    await roomMenu()
    await item(texts.room.rename).click()
    await expect(dialog(texts.details.editTitle)).toBeVisible()
    await page.getByRole('textbox', { name: texts.newRoom.name }).fill(' ')
    await button(texts.save).click()
    await look('renaming a room')
    await page.keyboard.press('Escape')
    await button(texts.members.count(2)).click()
    await button(texts.details.actionsOf('은')).click()
    await look('the menu of a member')
    await item(texts.members.remove).click()
    await expect(dialog(texts.members.removeTitle('은'))).toBeVisible()
    await look('removing a member')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+,')
    await page.getByLabel(texts.signIn.displayName).fill('Dana')
    await expect(button(texts.save)).toBeVisible()
    await look('settings with a changed name')
    await page.keyboard.press('Escape')
    await button(texts.rooms.signOut).click()
    await expect(button(texts.rooms.signOutAndDelete)).toBeVisible()
    await look('signing out with nothing waiting')
    await page.keyboard.press('Escape')

    await link.cut()
    await client.badge(texts.connection.waiting.unreachable)
    await menuOf('and the chairs')
    await page.getByRole('menuitemcheckbox', { name: texts.timeline.reactWith('❤️') }).click()
    await composer.press('ArrowUp')
    await send('who brings the soup?')
    await send('later')
    await roomMenu()
    await item(texts.room.rename).click()
    await page.getByRole('textbox', { name: texts.newRoom.name }).fill('Great hall')
    await button(texts.save).click()
    await room('Cellar').click()
    await send('never to arrive')
    await button(texts.outbox.open(5)).click()
    await expect(dialog(texts.outbox.title)).toBeVisible()
    await look('an outbox of many kinds')
    await page.keyboard.press('Escape')
    await button(texts.rooms.signOut).click()
    await expect(button(texts.rooms.signOut).last()).toBeVisible()
    await look('signing out while something waits')
    await page.getByRole('checkbox', { name: texts.rooms.signOutWipe }).click()
    await expect(button(texts.rooms.signOutAndDelete)).toBeVisible()
    await look('signing out and losing what waits')
    await page.keyboard.press('Escape')

    await eun.act('DELETE', `/rooms/${cellar}/members/${dana.id}`)
    await link.heal()
    // Attempts to connect are up to 30 s apart by now.
    await expect(page.getByText(texts.members.notJoined)).toBeVisible({ timeout: 40_000 })
    await expect(page.getByRole('log').getByLabel(texts.timeline.refused, { exact: true })).toBeVisible()
    await look('a room that one is not in any more, with a refused message')
    await button(texts.outbox.openRefused(1)).click()
    await expect(dialog(texts.outbox.title)).toBeVisible()
    await look('an outbox with a refused message')

    const wrong = Object.entries(found).filter(([, { length }]) => length > 0)
    expect(wrong).toEqual([])
  })

  test(`writing, choosing emoji and getting about in ${texts.locale}`, async ({ world }) => {
    test.setTimeout(240_000)
    const dana = await person(world.relay.url, 'dana', 'Dana Lee')
    const eun = await person(world.relay.url, 'eun', '은')
    const hall = await dana.room('Hall', [eun.id])
    await dana.room('Cellar', [])
    await dana.say(hall, 'who brings the rice?')

    const { client } = await world.open('relay')
    const { page } = client
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const dialog = (name: string) => page.getByRole('dialog', { name })
    const composer = page.getByLabel(texts.composer.label, { exact: true })
    const found: Record<string, Finding[]> = {}
    const look = async (screen: string) => {
      found[screen] = await findings(page, looks)
    }
    const prefer = async (preferences: object) => {
      await page.evaluate((kept) => localStorage.setItem('maru.preferences', kept), JSON.stringify(preferences))
      await page.reload()
    }

    await prefer({ language: texts.locale })
    await page.setViewportSize(WIDE)
    await button(texts.signIn.toSignIn).click()
    await page.getByLabel(texts.signIn.username, { exact: true }).fill('dana')
    await page.getByLabel(texts.signIn.password, { exact: true }).fill(PASSWORD)
    await button(texts.signIn.submit).click()
    await page.getByRole('navigation', { name: texts.rooms.title }).getByRole('link', { name: 'Hall' }).click()
    await composer.pressSequentially('@')
    await expect(page.getByRole('listbox', { name: texts.composer.people })).toBeVisible()
    await look('people to mention')
    await composer.fill('')
    await composer.pressSequentially(':heart')
    await expect(page.getByRole('listbox', { name: texts.composer.emoji })).toBeVisible()
    await look('emoji by shortcode')
    await composer.fill('가'.repeat(MAX_BODY_CHARS + 10))
    await expect(page.getByText(texts.composer.overLimit(10, MAX_BODY_CHARS))).toBeVisible()
    await look('a text that is too long')
    await composer.fill('')

    await button(texts.emoji.open).click()
    await expect(dialog(texts.emoji.title).getByRole('option').first()).toBeVisible()
    await look('the picker')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(dialog(texts.switcher.title).getByRole('option').first()).toBeVisible()
    await look('the switcher')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+/')
    await expect(dialog(texts.shortcuts.title)).toBeVisible()
    await look('the shortcuts')
    await page.keyboard.press('Escape')
    await page.getByTestId('message-body').last().click({ button: 'right' })
    await page.getByRole('menuitem', { name: texts.forward.action, exact: true }).click()
    await dialog(texts.forward.title).getByRole('option').first().click()
    await look('forwarding')
    await page.keyboard.press('Escape')

    await prefer({ language: texts.locale, textSize: 200, contrast: 'more', density: 'compact' })
    await expect(composer).toBeVisible()
    await look('twice the size, more contrast, compact')
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await outside(page), 'outside of a narrow window at twice the size').toEqual([])
    await button(texts.emoji.open).click()
    await expect(dialog(texts.emoji.title).getByRole('option').first()).toBeVisible()
    expect(await outside(page), 'the picker').toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+,')
    await expect(dialog(texts.settings.title)).toBeVisible()
    expect(await outside(page), 'settings').toEqual([])
    await look('settings at twice the size')

    const wrong = Object.entries(found).filter(([, { length }]) => length > 0)
    expect(wrong).toEqual([])
  })
}

/** The controls that a person would have to scroll sideways for, or could not reach at all. */
async function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page is too wide'] : []
    const controls = [...document.querySelectorAll<HTMLElement>('button, input, textarea, a[href], [role="radio"]')]
    return controls
      .filter((each) => each.checkVisibility() && each.getBoundingClientRect().width > 2)
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect()
        return left < -1 || right > window.innerWidth + 1
      })
      .map((each) => each.getAttribute('aria-label') ?? each.textContent)
      .concat(wide)
  })
}
