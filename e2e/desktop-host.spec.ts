// "Host here" in the desktop app: the relay runs in its utility process, the app pins its certificate and speaks https with it, and both come back
// together. Asks a real Electron, on a machine that is in some network.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { hostAddresses } from '../src-main/host-addresses.ts'
import { en as catalogue } from '../src-renderer/texts/en.ts'
import { hostingTextsEn } from '../src-renderer/texts/hosting-texts.en.ts'
import { PASSWORD } from './client.ts'
import { expect, KEPT, test } from './fixtures.ts'

const en = { ...catalogue, ...hostingTextsEn }

const ROOM = 'Hall'

async function freePort(address: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, address, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}

test.describe('a relay inside the desktop app', { tag: '@desktop' }, () => {
  const [own] = hostAddresses(networkInterfaces())
  test.skip(own === undefined, 'this machine is in no network')

  test('from the button to the first message, and again after a restart', { tag: KEPT }, async ({ world }) => {
    const { client } = await world.open('shell')
    const port = await freePort(own?.address ?? '')
    await client.introduce('Minji')
    await client.page.getByRole('button', { name: en.ways.hostHere }).click()
    await client.page.getByLabel(en.hosting.port).fill(String(port))
    await client.page.getByRole('button', { name: en.hosting.start }).click()
    await expect(client.page.getByLabel(en.signIn.ownerCode)).not.toHaveValue('')
    await expect(client.page.getByText(en.certificates.own)).toBeVisible()
    await client.page.getByLabel(en.signIn.password, { exact: true }).fill(PASSWORD)
    await client.page.getByRole('button', { name: en.signIn.createSubmit }).click()
    await client.page.getByLabel(en.newRoom.name).fill(ROOM)
    await client.page.getByRole('button', { name: en.newRoom.create }).click()
    await client.send('Hello')
    await expect(client.timeline(ROOM).getByLabel(en.timeline.accepted)).toBeVisible()

    await client.restart()
    await client.seesRooms()
    await client.badge(en.connection.connected)
    await client.openRoom(ROOM)
    expect(await client.messages(ROOM)).toEqual(['Hello'])
  })

  test('goes on without the window, ends with the app however that ends, and is back with it', async ({ world }) => {
    const { client } = await world.open('shell')
    const address = own?.address ?? ''
    const port = await freePort(address)
    await client.page.evaluate(
      async (wish) => {
        type Host = { start(wish: object): Promise<void> }
        await (window as unknown as { maruDesktop: { host: Host } }).maruDesktop.host.start(wish)
      },
      { address, port, name: 'Home' }
    )
    const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}/api/v1/relay`
    const answers = async () =>
      fetch(url).then(
        ({ status }) => status,
        () => 0
      )
    await expect.poll(answers).toBe(200)
    await client.desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await expect
      .poll(async () => client.desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
      .toBe(false)
    expect(await answers()).toBe(200)
    await client.kill()
    await expect.poll(answers).toBe(0)
    await client.start()
    await expect.poll(answers).toBe(200)
  })
})
