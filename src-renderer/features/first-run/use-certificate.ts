// Which certificate a relay is said to have made itself, and the stop where it shows another one than the pinned one. Draws nothing.
import { useState } from 'react'
import type { DesktopBridge } from '../../platform/bridge.ts'
import { inviteAppLink } from '../../platform/invite-link.ts'
import { trustOnly } from '../../platform/pinning.ts'
import { codeOf } from '../../texts/errors.ts'

/** What an invite, the network or this app's own relay names. */
export interface NamedCertificate {
  relayUrl: string
  fingerprint: string
}

/** A relay with another certificate than the pinned one; null: not known, or none named. */
export interface ChangedCertificate {
  url: string
  pinned: string | null
  offered: string | null
}

export function useCertificate(shell: DesktopBridge | null, first: NamedCertificate | null) {
  const [named, setNamed] = useState(first)
  const [changed, setChanged] = useState<ChangedCertificate | null>(null)
  const of = (url: string | null): string | null =>
    named !== null && named.relayUrl === url ? named.fingerprint : null
  return {
    of,
    changed,
    name(next: NamedCertificate | null): void {
      setNamed(next)
      setChanged(null)
    },
    forgetStop: () => setChanged(null),
    /** Before anything else is asked of a relay. Throws `CertificateChangedError`. */
    async trust(url: string): Promise<void> {
      const fingerprint = of(url)
      if (fingerprint !== null) await trustOnly(shell, url, fingerprint)
    },
    /** Looks whether that is why a relay could not be asked. */
    async noteFailure(url: string, error: unknown): Promise<void> {
      const isAnother = codeOf(error) === 'certificate-changed' && shell?.unpin !== undefined
      setChanged(isAnother ? { url, offered: of(url), pinned: await pinnedFor(shell, url) } : null)
    },
    /** The person has asked: what was pinned is forgotten, and the app starts anew, with the invite if there is one. */
    async forget(code: string): Promise<void> {
      if (changed === null) return
      const { url, offered } = changed
      await shell?.unpin?.(url, offered === null || code === '' ? null : inviteAppLink(url, code, offered))
    }
  }
}

/** Null for an invite that names none. */
export function namedBy({ relayUrl, fingerprint }: Partial<NamedCertificate>): NamedCertificate | null {
  return relayUrl === undefined || fingerprint === undefined ? null : { relayUrl, fingerprint }
}

async function pinnedFor(shell: DesktopBridge | null, url: string): Promise<string | null> {
  try {
    return (await shell?.pinned?.(url)) ?? null
  } catch {
    return null // then it is not shown
  }
}
