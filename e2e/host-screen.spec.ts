// "Host here" as the person sees it, in a browser with a stand-in for the shell: from the button to the first message, and how the relay is told of
// afterwards. The relay is a real one; what the shell itself does is shown by the tests of src-main/.
import { en as catalogue } from '../src-renderer/texts/en.ts'
import { hostingTextsEn } from '../src-renderer/texts/hosting-texts.en.ts'
import { PASSWORD } from './client.ts'
import { expect, test } from './fixtures.ts'

const en = { ...catalogue, ...hostingTextsEn }

const FINGERPRINT = 'c3c02b1004e55f37f340d946d54e9e5409e01f04b3e06f613ce56d3f2bb4249e'

test.use({ registration: 'invite' })

test('from "host here" to the first message', async ({ world }) => {
  const { client } = await world.open('shell')
  const { page } = client
  const started: unknown[] = []
  const pinned: string[][] = []
  await page.exposeFunction('hostStart', (wish: unknown) => void started.push(wish))
  await page.exposeFunction('hostPin', (...pin: string[]) => void pinned.push(pin))
  const { url, ownerCode = '' } = world.relay
  await page.addInitScript(
    ({ on }) => {
      const outside = window as unknown as Record<string, (...args: unknown[]) => Promise<void>>
      type Listener = (state: object) => void
      const listeners = new Set<Listener>()
      let state: object = { name: 'off' }
      const become = (next: object): void => {
        state = next
        for (const each of listeners) each(state)
      }
      const bridge = {
        facts: async () => ({ platform: 'linux', version: '0.0.0' }),
        secret: {
          load: async () => null,
          save: async () => 'encrypted',
          forget: async () => undefined,
          kept: async () => 'encrypted'
        },
        whyUnreachable: async () => 'unknown',
        onResume: () => () => undefined,
        takeLink: async () => null,
        onLink: () => () => undefined,
        pin: outside['hostPin'],
        pinned: async () => null,
        findRelays: (told: (found: object[]) => void) => {
          told([])
          return () => undefined
        },
        host: {
          onState: (listener: Listener) => {
            listeners.add(listener)
            listener(state)
            return () => listeners.delete(listener)
          },
          addresses: async () => [{ address: '192.168.0.10', interfaceName: 'eth0', isPrivate: true }],
          chosen: async () => null,
          start: async (wish: { name: string }) => {
            await outside['hostStart']?.(wish)
            become({ name: 'starting' })
            become({ ...on, relayName: wish.name })
          },
          stop: async () => become({ name: 'off' }),
          backup: async () => ({ folder: '/media/disk/maru', messages: 1 })
        }
      }
      Object.assign(window, { maruDesktop: bridge })
    },
    {
      on: {
        name: 'on',
        url,
        browserUrl: url,
        fingerprint: FINGERPRINT,
        relayId: 'r1',
        hasOwner: false,
        ownerCode,
        people: 1,
        devices: 1,
        names: ['Minji'],
        storedBytes: 12_345_678,
        announced: true
      }
    }
  )
  await page.reload()

  await client.introduce('Minji')
  await page.getByRole('button', { name: en.ways.hostHere }).click()
  await page.getByLabel(en.hosting.name).fill('Our hall')
  await expect(page.getByRole('radio', { name: /192\.168\.0\.10/ })).toBeChecked()
  await page.getByRole('button', { name: en.hosting.start }).click()
  await expect(page.getByLabel(en.signIn.ownerCode)).toHaveValue(ownerCode)
  expect(started).toEqual([{ address: '192.168.0.10', port: 4100, name: 'Our hall' }])
  await page.getByLabel(en.signIn.password, { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: en.signIn.createSubmit }).click()
  await page.getByLabel(en.newRoom.name).fill('Hall')
  await page.getByRole('button', { name: en.newRoom.create }).click()
  await client.send('Hello')
  await expect(page.getByRole('log').getByLabel(en.timeline.accepted)).toBeVisible()
  // Plain http has no certificate to pin.
  expect(pinned).toEqual([])

  await page.keyboard.press('Control+,')
  await page.getByRole('button', { name: en.hosting.open }).click()
  const dialog = page.getByRole('dialog', { name: en.hosting.panelTitle })
  await expect(dialog.getByText('Our hall')).toBeVisible()
  await expect(dialog.getByText('12.3 MB')).toBeVisible()
  await expect(dialog.getByRole('img', { name: en.hosting.qr })).toBeVisible()
  await expect(dialog.getByLabel(en.hosting.link, { exact: true })).toHaveValue(url)
  await dialog.getByRole('button', { name: en.hosting.backup }).click()
  await expect(dialog.getByText(en.hosting.backedUp(1, '/media/disk/maru'))).toBeVisible()
  await dialog.getByRole('button', { name: en.hosting.stop }).click()
  await page.getByRole('dialog', { name: en.hosting.stopTitle }).getByRole('button', { name: en.hosting.stop }).click()
  await expect(dialog.getByRole('button', { name: en.hosting.start })).toBeVisible()
})
