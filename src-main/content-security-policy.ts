// What the app's pages may load and run. Knows nothing of Electron: the specs put the same policy on a page in Chromium.

/** Relays are named by the person, often on a LAN without a certificate: any address may be connected to, nothing else comes from outside. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' http: https: ws: wss:",
  "object-src 'none'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'"
].join('; ')
