// Which certificate belongs to which relay where that was pinned, and what Chromium is told of each certificate that it sees. Knows no relay and no network.
import type { Session } from 'electron'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { z } from 'zod'
import { fingerprintSchema } from '../protocol/lan.ts'
import { writeWhole } from './whole-file.ts'

/** What `setCertificateVerifyProc` takes (electron.d.ts; -3 in Electron's documentation of session): accepted, refused, as Chromium itself finds. */
const ACCEPTED = 0
const REFUSED = -2
const AS_CHROMIUM_FINDS = -3

/** Fingerprints by origin. */
const pinsSchema = z.record(z.string(), fingerprintSchema)

export interface PinsOptions {
  /** The file that keeps them. */
  path: string
  onProblem: (problem: unknown) => void
}

export interface Pins {
  /** Null where none is pinned. Here and below, `url` is an address of http or https. */
  of(url: string): string | null
  /** Resolves when it is on the disk. Rejects where another one is pinned, and for what is no https address. */
  pin(url: string, fingerprint: string): Promise<void>
  /** Connections that rest on it are to be closed by whoever asks. */
  unpin(url: string): Promise<void>
  /** Whether the last certificate that was seen for a pinned address was another one. */
  hasChanged(url: string): boolean
  /** Whether what is pinned now was refused in this run, before it was. Chromium remembers its answer and asks no more. */
  wasRefusedBefore(url: string): boolean
  /** What Chromium is to do with a certificate, in PEM, that somebody shows who says to be `hostname`. */
  judge(request: { hostname: string; pem: string; trusted: boolean }): number
}

/** Reads the file at once: the first connection depends on it. */
export function createPins({ path, onProblem }: PinsOptions): Pins {
  const pins = new Map<string, string>(Object.entries(read(path, onProblem)))
  let inLine: Promise<unknown> = Promise.resolve()
  /** By host: what was shown instead of the pinned one, and what was refused while nothing was pinned. */
  const strangers = new Map<string, string>()
  const refused = new Set<string>()

  /** No port comes with a certificate: what is pinned for any port of a host may be shown at each. */
  const ofHost = (host: string): string[] =>
    [...pins].filter(([origin]) => hostOf(origin) === host).map(([, fingerprint]) => fingerprint)

  const write = async (change: (next: Map<string, string>) => void): Promise<void> => {
    const work = async (): Promise<void> => {
      const next = new Map(pins)
      change(next)
      await writeWhole(path, `${JSON.stringify(Object.fromEntries(next), null, 2)}\n`)
      change(pins)
    }
    const result = inLine.then(work, work)
    inLine = result
    return result
  }

  return {
    of: (url) => pins.get(new URL(url).origin) ?? null,
    async pin(url, fingerprint) {
      const { origin, protocol } = new URL(url)
      if (protocol !== 'https:') throw new Error('only an https address shows a certificate')
      await write((next) => {
        const before = next.get(origin)
        if (before !== undefined && before !== fingerprint)
          throw new Error('another certificate is pinned for this address')
        next.set(origin, fingerprint)
      })
    },
    unpin: async (url) => {
      await write((next) => next.delete(new URL(url).origin))
      strangers.delete(hostOf(url))
    },
    hasChanged: (url) => strangers.has(hostOf(url)),
    wasRefusedBefore(url) {
      const fingerprint = pins.get(new URL(url).origin)
      return fingerprint !== undefined && refused.has(`${hostOf(url)} ${fingerprint}`)
    },
    judge({ hostname, pem, trusted }) {
      const host = plainHost(hostname)
      const pinned = ofHost(host)
      const shown = fingerprintOf(pem)
      if (pinned.length === 0) {
        if (!trusted && shown !== null) refused.add(`${host} ${shown}`)
        return AS_CHROMIUM_FINDS
      }
      if (shown !== null && pinned.includes(shown)) {
        strangers.delete(host)
        return ACCEPTED
      }
      strangers.set(host, shown ?? '')
      if (shown !== null) refused.add(`${host} ${shown}`)
      onProblem(new Error(`${host} shows another certificate than the pinned one: ${shown ?? 'unreadable'}`))
      return REFUSED
    }
  }
}

/**
 * Has Chromium ask about every certificate of this session. To be called before the first request: the network process remembers each answer (electron.d.ts;
 * by certificate and host, wrong ones too), and calling this again does not make it forget (electron#26517): only a new start of the app does.
 */
export function enforcePins(session: Session, pins: Pick<Pins, 'judge'>): void {
  session.setCertificateVerifyProc(({ hostname, certificate, verificationResult }, callback) => {
    callback(pins.judge({ hostname, pem: certificate.data, trusted: /^(net::)?OK$/.test(verificationResult) }))
  })
}

/** SHA-256 of the DER, as protocol/lan.ts writes it; null for what is no certificate. Of several in the text, the first. */
export function fingerprintOf(pem: string): string | null {
  try {
    return createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')
  } catch {
    return null // whatever cannot be read is none that was pinned
  }
}

function hostOf(url: string): string {
  return plainHost(new URL(url).hostname)
}

/** Chromium gives IPv6 addresses without brackets, and names as they were canonicalised. */
function plainHost(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase()
}

/**
 * A file that cannot be read is set aside. Then nothing is pinned, and Chromium decides: it refuses every certificate that a relay has made itself, so
 * nobody is let in by that.
 */
function read(path: string, onProblem: (problem: unknown) => void): { readonly [origin: string]: string } {
  try {
    return pinsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    onProblem(new Error(`${path} cannot be read; no certificate is pinned any more`, { cause: error }))
    if (error instanceof SyntaxError || error instanceof z.ZodError) setAside(path, onProblem)
    return {}
  }
}

function setAside(path: string, onProblem: (problem: unknown) => void): void {
  try {
    renameSync(path, `${path}.broken`)
  } catch (error) {
    onProblem(error)
  }
}
