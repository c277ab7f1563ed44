// A start that gets only a part of what it needs says so, and goes on when the rest can be had. Without a service worker, as over plain http.
import { beforeTexts } from '../src-renderer/texts/before-texts.ts'
import { expect, test } from './fixtures.ts'

for (const [missing, files] of [
  ['the client', /\/assets\/client-[^/]*\.js$/],
  ['its first script', /\/assets\/first-[^/]*\.js$/],
  ['its texts', /\/assets\/(?:en|ko)-[^/]*\.js$/]
] as const) {
  test(`without ${missing} it is said in both languages, and a reload is at hand`, async ({ world }) => {
    const { client } = await world.arrive('relay', 'Minji')
    const { page } = client
    await page.route(files, async (route) => route.abort('connectionrefused'))
    await page.reload()
    await expect(page.getByRole('alert')).toContainText(beforeTexts.notLoaded)
    await page.unroute(files)
    await page.getByRole('button', { name: beforeTexts.reload }).click()
    await client.seesRooms()
  })
}
