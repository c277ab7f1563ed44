// Before anything is asked of a relay that has made its own certificate: only that one is to be accepted. A browser cannot do that, and nothing happens there.
import type { DesktopBridge } from './bridge.ts'

/** Another certificate is pinned for this relay: for the person to decide, and for nobody else. */
export class CertificateChangedError extends Error {
  override readonly name = 'CertificateChangedError'
  readonly code = 'certificate-changed'
}

/** Throws `CertificateChangedError`. Where the shell cannot pin, and for an address without certificates, it does nothing. */
export async function trustOnly(
  shell: Pick<DesktopBridge, 'pin' | 'pinned'> | null,
  url: string,
  fingerprint: string
): Promise<void> {
  if (!shell?.pin || !shell.pinned || !url.startsWith('https:')) return
  const before = await shell.pinned(url)
  if (before !== null && before !== fingerprint) throw new CertificateChangedError(`another one is pinned for ${url}`)
  await shell.pin(url, fingerprint)
}
