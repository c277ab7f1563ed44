// The relay's own certificate: what it says, and that it is never replaced by itself.
import { createHash, X509Certificate } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprintSchema } from '../../protocol/lan.ts'
import { StartError } from '../config.ts'
import { makeCertificate } from './make-certificate.ts'
import { ownCertificate } from './own-certificate.ts'

const NOW = Date.parse('2026-11-21T09:00:00.000Z')
let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maru-tls-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const own = () => ownCertificate({ dataDir, names: ['192.168.0.7', 'chat.example.org'], now: () => NOW })
const file = () => join(dataDir, 'tls', 'own.pem')

describe('the certificate that a relay makes for itself', () => {
  it('is for ten years, of P-256, for servers alone, for the names that it is opened by', async () => {
    const { pem } = await own()
    const certificate = new X509Certificate(pem)
    expect(certificate.publicKey.asymmetricKeyType).toBe('ec')
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    for (const host of ['localhost', 'chat.example.org']) expect(certificate.checkHost(host)).toBe(host)
    for (const ip of ['127.0.0.1', '::1', '192.168.0.7']) expect(certificate.checkIP(ip)).toBe(ip)
    expect(certificate.checkHost('elsewhere.example')).toBeUndefined()
    const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
    // A clock that is a little behind is no reason to refuse it.
    expect(from).toBe(NOW - 24 * 60 * 60 * 1000)
    expect(new Date(to).getUTCFullYear()).toBe(2036)
    // Of this machine and the person at it nothing is told to whoever connects.
    expect(certificate.subject).toBe('CN=Maru relay')
  })

  it('is made once: the next start has the same, readable for this user only', async () => {
    const first = await own()
    expect(fingerprintSchema.parse(first.fingerprint)).toBe(
      createHash('sha256').update(new X509Certificate(first.pem).raw).digest('hex')
    )
    expect(await own()).toEqual(first)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect((await stat(join(dataDir, 'tls'))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(dataDir, 'tls'))).toEqual(['own.pem'])
  })

  it('two relays have two', async () => {
    expect((await own()).pem).not.toBe(await makeCertificate([], NOW))
  })

  it('what a start that was cut off left behind is in nobody’s way', async () => {
    await mkdir(join(dataDir, 'tls'))
    await writeFile(join(dataDir, 'tls', 'own.pem.next'), 'half of')
    expect((await own()).fingerprint).toHaveLength(64)
    expect(await readdir(join(dataDir, 'tls'))).toEqual(['own.pem'])
  })

  it.each([
    ['empty', () => ''],
    ['cut off', (pem: string) => pem.slice(0, pem.length - 200)],
    ['without its key', (pem: string) => pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))],
    ['without the certificate', (pem: string) => pem.slice(0, pem.indexOf('-----BEGIN CERTIFICATE'))],
    ['no PEM at all', () => '{"half": ']
  ])('one that is %s stops the start with a sentence, and is left as it is', async (_how, damage) => {
    const damaged = damage((await own()).pem)
    await writeFile(file(), damaged)
    const error = await own().then(
      () => undefined,
      (thrown: unknown) => thrown
    )
    expect(error).toBeInstanceOf(StartError)
    expect(error).toMatchObject({ problem: 'data-damaged' })
    expect((error as StartError).message).toContain(`${file()} is damaged`)
    expect((error as StartError).message).not.toContain('PRIVATE')
    expect(await readFile(file(), 'utf8')).toBe(damaged)
  })

  it('one with the key of another stops the start', async () => {
    const [{ pem }, other] = [await own(), await makeCertificate([], NOW)]
    const key = (text: string) => text.slice(0, text.indexOf('-----BEGIN CERTIFICATE'))
    await writeFile(file(), pem.replace(key(pem), key(other)))
    await expect(own()).rejects.toThrow('is damaged')
  })

  it('one that cannot be read, or not written, is no reason to go on without', async () => {
    await mkdir(file(), { recursive: true })
    await expect(own()).rejects.toMatchObject({ name: 'StartError', problem: 'data-damaged' })
    await rm(join(dataDir, 'tls'), { recursive: true })
    await writeFile(join(dataDir, 'tls'), '')
    await expect(own()).rejects.toThrow(StartError)
    await rm(join(dataDir, 'tls'))
    // Root may write anywhere.
    if (process.getuid?.() === 0) return
    await chmod(dataDir, 0o500)
    await expect(own()).rejects.toMatchObject({ problem: 'disk' })
    await chmod(dataDir, 0o700)
  })
})
