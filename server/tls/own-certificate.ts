// The relay's own certificate with its key: made once, kept in the data directory, and never replaced by itself, since everybody has pinned it
// [decision 20]. Knows no sockets.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { StartError } from '../config.ts'

/** In the data directory; the one file holds key and certificate, so that there never is half of them. */
export const CERTIFICATE_FOLDER = 'tls'
export const CERTIFICATE_FILE = 'own.pem'

export interface OwnCertificate {
  /** Key and certificate, as `node:tls` takes them. */
  pem: string
  /** SHA-256 of the certificate's DER, 64 lower-case hexadecimal digits (protocol/lan.ts). */
  fingerprint: string
}

export interface CertificateParts {
  dataDir: string
  /** What the relay is opened as besides this machine's own names. Whoever pins does not look at them. */
  names: readonly string[]
  now: Clock
}

/**
 * Reads it; makes it if there is none. To be called by whoever has the data for itself.
 * @throws StartError if what is there cannot be read or is damaged, or it cannot be written
 */
export async function ownCertificate({ dataDir, names, now }: CertificateParts): Promise<OwnCertificate> {
  const folder = join(dataDir, CERTIFICATE_FOLDER)
  const path = join(folder, CERTIFICATE_FILE)
  const kept = await readKept(path)
  if (kept !== undefined) return checked(kept, path)
  // Needed once in a relay's life.
  const { makeCertificate } = await import('./make-certificate.ts')
  const pem = await makeCertificate(names, now())
  try {
    await writeOwn(folder, path, pem)
  } catch (error) {
    throw new StartError(`The relay's certificate cannot be written to ${path}: ${codeOf(error)}.`, 'disk')
  }
  return checked(pem, path)
}

async function readKept(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new StartError(`The relay's certificate in ${path} cannot be read: ${codeOf(error)}.`, 'data-damaged')
  }
}

function checked(pem: string, path: string): OwnCertificate {
  try {
    const certificate = new X509Certificate(pem)
    if (!certificate.checkPrivateKey(createPrivateKey(pem))) throw new Error('the key is of another certificate')
    return { pem, fingerprint: createHash('sha256').update(certificate.raw).digest('hex') }
  } catch {
    // What is wrong with it is not told: the text of the fault may quote the key.
    throw new StartError(
      `The relay's certificate in ${path} is damaged: restore it from a backup. Without the file the relay makes another one, which every device has to accept anew.`,
      'data-damaged'
    )
  }
}

/** Whatever happens, there is all of it or nothing; only this user can read it. */
async function writeOwn(folder: string, path: string, pem: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const next = `${path}.next`
  await rm(next, { force: true })
  const file = await open(next, 'wx', 0o600)
  try {
    await file.writeFile(pem)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(next, path)
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
