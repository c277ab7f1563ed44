// What is ours: the one scheme and host that the app's pages come from. Storage is keyed by both, so they are never renamed.

export const APP_SCHEME = 'app'
export const APP_HOST = 'maru'
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`
export const START_URL = `${APP_ORIGIN}/index.html`

/** Compares scheme and host: in Node, `origin` of an address with a scheme of its own is `null`. */
export function isOwnUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return protocol === `${APP_SCHEME}:` && host === APP_HOST
}
