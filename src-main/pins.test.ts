import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from 'electron'
import { createPins, enforcePins, fingerprintOf } from './pins.ts'
import type { Pins } from './pins.ts'
import { FakeSession } from './testing/fake-electron.ts'

const RELAY = 'https://192.168.0.10:4100'
const HOST = '192.168.0.10'

/** Two certificates as OpenSSL made them, and what `openssl x509 -outform der | sha256sum` says of them. */
const OWN = `-----BEGIN CERTIFICATE-----
MIIBbDCCAROgAwIBAgIUdo4sHaXpGgNdqySke/4Why4elPcwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAeFw0yNjExMjEwOTQ5NDdaFw0yNjExMjMwOTQ5NDdaMAwx
CjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATvW/0QtppWjeXq
A4ha6RLrMzQPEi6W133zqAvsXJsX3zVxOG9jlzWbyq3IBvsofJT5Vw9gc5eJ22VM
X0lLyusjo1MwUTAdBgNVHQ4EFgQUUJ5EaLN0ie1bNMaysrjLLsAZxrAwHwYDVR0j
BBgwFoAUUJ5EaLN0ie1bNMaysrjLLsAZxrAwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNHADBEAiBgJCKKkLqgtTwSKJ9NG26iaMvjTVyWT5eOmw0l6d6A+AIg
LOoqpgcA0mp3eRZ5baNXMonrx55X6I2pS2t05dWz0Os=
-----END CERTIFICATE-----
`
const OWN_PRINT = 'c3c02b1004e55f37f340d946d54e9e5409e01f04b3e06f613ce56d3f2bb4249e'
const OTHER = `-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUWCbvbQGJQRYznXExiuapxTVMqzUwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYjAeFw0yNjExMjEwOTQ5NDdaFw0yNjExMjMwOTQ5NDdaMAwx
CjAIBgNVBAMMAWIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATy6tflxamNrYNE
IfnX2qzRIyyOM+YywA6HI9L7NTFYxYV88y3cm7hmOE6bHwAttZ8SklRD6O9o6rZc
6QfgjugPo1MwUTAdBgNVHQ4EFgQUhOvwdLf58Kvxtu5cBlnjIIr0RqAwHwYDVR0j
BBgwFoAUhOvwdLf58Kvxtu5cBlnjIIr0RqAwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAq6zRRPQZX9OHHkPgnCQUPOmqF0hAXm/d201IcmIUuioC
IQD36wd6EijAFb2WqQoVwb2XZFLFEuCCPisR719wDx8nbA==
-----END CERTIFICATE-----
`
const OTHER_PRINT = '0e425d4504c76805ca4cd93a237f2bc53458a64520fbd78c548c4a8bcb1f99f0'

const [ACCEPTED, REFUSED, AS_CHROMIUM_FINDS] = [0, -2, -3]

let folder: string
let path: string
let pins: Pins
let problems: unknown[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-pins-'))
  path = join(folder, 'maru', 'pins.json')
  problems = []
  pins = open()
})
afterEach(async () => rm(folder, { recursive: true }))

function open(): Pins {
  return createPins({ path, onProblem: (problem) => problems.push(problem) })
}

function judge(pem: string, hostname = HOST, trusted = false): number {
  return pins.judge({ hostname, pem, trusted })
}

describe('a certificate', () => {
  it('is known by the SHA-256 of its DER', () => {
    expect([fingerprintOf(OWN), fingerprintOf(OTHER)]).toEqual([OWN_PRINT, OTHER_PRINT])
    expect(fingerprintOf(`${OWN}${OTHER}`)).toBe(OWN_PRINT)
    for (const nonsense of ['', 'PEM', OWN.slice(0, 200), OWN.replaceAll('A', 'B')]) {
      expect(fingerprintOf(nonsense)).not.toBe(OWN_PRINT)
    }
  })

  it('of a host for which none is pinned is for Chromium to judge, whoever vouches for it', async () => {
    await pins.pin(RELAY, OWN_PRINT)
    for (const host of ['192.168.0.11', 'relay.test', '192.168.0.10.evil.test']) {
      for (const trusted of [true, false]) expect(judge(OWN, host, trusted)).toBe(AS_CHROMIUM_FINDS)
    }
  })

  it('is accepted where it is pinned, though nobody vouches for it, and no other is, though everybody does', async () => {
    await pins.pin(RELAY, OWN_PRINT)
    expect(judge(OWN)).toBe(ACCEPTED)
    for (const trusted of [true, false]) expect(judge(OTHER, HOST, trusted)).toBe(REFUSED)
    for (const nonsense of ['', 'PEM', `${OTHER}${OWN}`]) expect(judge(nonsense, HOST, true)).toBe(REFUSED)
  })

  it('is pinned for an address: two relays of one host may each have their own', async () => {
    await pins.pin(RELAY, OWN_PRINT)
    await pins.pin('https://192.168.0.10:4200', OTHER_PRINT)
    expect([judge(OWN), judge(OTHER)]).toEqual([ACCEPTED, ACCEPTED])
    expect(pins.of('https://192.168.0.10:4200/join/x')).toBe(OTHER_PRINT)
  })

  it.each([
    ['https://Relay.Test:4100', 'relay.test'],
    ['https://[fd00::1]:4100', 'fd00::1']
  ])('hosts are compared as Chromium writes them: %s', async (url, hostname) => {
    await pins.pin(url, OWN_PRINT)
    expect(judge(OWN, hostname)).toBe(ACCEPTED)
    expect(judge(OTHER, hostname, true)).toBe(REFUSED)
  })
})

describe('a pin', () => {
  it('is there after a restart, in a file of this user alone', async () => {
    await pins.pin(RELAY, OWN_PRINT)
    const { mode } = await stat(path)
    expect(process.platform === 'win32' ? 0o600 : mode & 0o777).toBe(0o600)
    pins = open()
    expect(pins.of(`${RELAY}/`)).toBe(OWN_PRINT)
    expect(judge(OTHER, HOST, true)).toBe(REFUSED)
  })

  it('is not replaced: that is for the person to decide', async () => {
    await pins.pin(RELAY, OWN_PRINT)
    await pins.pin(RELAY, OWN_PRINT)
    await expect(pins.pin(RELAY, OTHER_PRINT)).rejects.toThrow('another certificate is pinned')
    expect(pins.of(RELAY)).toBe(OWN_PRINT)
    expect(judge(OTHER)).toBe(REFUSED)
    await pins.unpin(RELAY)
    expect(pins.of(RELAY)).toBeNull()
    expect(judge(OWN)).toBe(AS_CHROMIUM_FINDS)
    await pins.pin(RELAY, OTHER_PRINT)
    expect(open().of(RELAY)).toBe(OTHER_PRINT)
  })

  it('is for https alone', async () => {
    await expect(pins.pin('http://192.168.0.10:4100', OWN_PRINT)).rejects.toThrow('https')
  })

  it('of many at once all are kept', async () => {
    const ports = Array.from({ length: 20 }, (_, index) => 5_000 + index)
    await Promise.all(ports.map(async (port) => pins.pin(`https://relay.test:${port}`, OWN_PRINT)))
    const again = open()
    expect(ports.filter((port) => again.of(`https://relay.test:${port}`) !== OWN_PRINT)).toEqual([])
  })

  it.each(['{', '[]', `{"${RELAY}":"AB"}`])('a file that says %s pins nothing, is told and set aside', async (text) => {
    await pins.pin('https://relay.test', OWN_PRINT)
    await writeFile(path, text)
    pins = open()
    expect(judge(OWN)).toBe(AS_CHROMIUM_FINDS)
    expect(problems).toHaveLength(1)
    expect(await readFile(`${path}.broken`, 'utf8')).toBe(text)
  })
})

describe('what was seen', () => {
  it('another certificate of a pinned address is told, until the right one comes or the person has decided', async () => {
    await pins.pin(RELAY, OWN_PRINT)
    judge(OWN)
    expect(pins.hasChanged(RELAY)).toBe(false)
    judge(OTHER)
    expect(pins.hasChanged(RELAY)).toBe(true)
    expect(pins.hasChanged('https://192.168.0.11:4100')).toBe(false)
    expect(problems.map(String)).toEqual([expect.stringContaining(OTHER_PRINT)])
    judge(OWN)
    expect(pins.hasChanged(RELAY)).toBe(false)
    judge(OTHER)
    await pins.unpin(RELAY)
    expect(pins.hasChanged(RELAY)).toBe(false)
  })

  it('one that was refused before it was pinned needs a new start: Chromium remembers', async () => {
    judge(OWN, HOST, true)
    judge(OTHER)
    expect(pins.wasRefusedBefore(RELAY)).toBe(false)
    await pins.pin(RELAY, OWN_PRINT)
    expect(pins.wasRefusedBefore(RELAY)).toBe(false)
    await pins.unpin(RELAY)
    await pins.pin(RELAY, OTHER_PRINT)
    expect(pins.wasRefusedBefore(RELAY)).toBe(true)
    expect(pins.wasRefusedBefore('https://192.168.0.11:4100')).toBe(false)
  })
})

describe('Chromium', () => {
  it('asks about every certificate, and what it says of one in words is not believed', async () => {
    const session = new FakeSession()
    enforcePins(session as unknown as Session, pins)
    await pins.pin(RELAY, OWN_PRINT)
    const says = (data: string, fingerprint: string): number | undefined => {
      let answer: number | undefined
      const certificate = { data, fingerprint: `sha256/${fingerprint}` }
      session.onCertificate?.(
        { hostname: HOST, certificate, verificationResult: 'net::OK' },
        (result) => (answer = result)
      )
      return answer
    }
    expect(says(OWN, 'anything')).toBe(ACCEPTED)
    expect(says(OTHER, OWN_PRINT)).toBe(REFUSED)
  })

  it.each([
    ['net::OK', false],
    ['OK', false],
    ['net::ERR_CERT_AUTHORITY_INVALID', true]
  ])('%s: was refused %s', async (verificationResult, refused) => {
    const session = new FakeSession()
    enforcePins(session as unknown as Session, pins)
    session.onCertificate?.({ hostname: HOST, certificate: { data: OWN }, verificationResult }, () => undefined)
    await pins.pin(RELAY, OWN_PRINT)
    expect(pins.wasRefusedBefore(RELAY)).toBe(refused)
  })
})
