// What the page may ask of the machine: a short list, for our own page only. Everything else is refused.
import type { Session } from 'electron'
import { isOwnUrl } from './own-origin.ts'

/** The local-network ones: relays are on LANs. Electron had Chromium's check for them switched off; it may come back. */
const ALLOWED: ReadonlySet<string> = new Set([
  'notifications',
  'clipboard-sanitized-write',
  'persistent-storage',
  'local-network',
  'loopback-network',
  'local-network-access'
])

/** Electron grants everything while a handler is missing, so all three are set. */
export function lockPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(ALLOWED.has(permission) && details.isMainFrame && isOwnUrl(details.requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    const embedded = details.embeddingOrigin !== undefined && !isOwnUrl(details.embeddingOrigin)
    return ALLOWED.has(permission) && !embedded && isOwnUrl(requestingOrigin)
  })
  session.setDevicePermissionHandler(() => false)
}
