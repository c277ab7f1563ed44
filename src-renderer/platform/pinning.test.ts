import { beforeEach, expect, it } from 'vitest'
import { CertificateChangedError, trustOnly } from './pinning.ts'

const RELAY = 'https://192.168.0.10:4100'
const [ONE, OTHER] = ['ab'.repeat(32), 'cd'.repeat(32)]

let pins: Map<string, string>
const shell = {
  pin: async (url: string, fingerprint: string) => void pins.set(url, fingerprint),
  pinned: async (url: string) => pins.get(url) ?? null
}
beforeEach(() => void (pins = new Map()))

it('the certificate that an invite names is pinned, again and again', async () => {
  await trustOnly(shell, RELAY, ONE)
  await trustOnly(shell, RELAY, ONE)
  expect([...pins]).toEqual([[RELAY, ONE]])
})

it('another one is refused, and nothing is changed', async () => {
  await trustOnly(shell, RELAY, ONE)
  await expect(trustOnly(shell, RELAY, OTHER)).rejects.toThrow(CertificateChangedError)
  expect([...pins]).toEqual([[RELAY, ONE]])
})

it('nothing is pinned in a browser, in a shell that cannot, and for plain http', async () => {
  await trustOnly(null, RELAY, ONE)
  await trustOnly({}, RELAY, ONE)
  await trustOnly(shell, 'http://192.168.0.10:4100', ONE)
  expect(pins.size).toBe(0)
})
