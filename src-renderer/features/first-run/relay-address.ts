// Reads what a person writes as the address of a relay.

const IP_OR_LOCAL = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]|[^.]+|.+\.(local|lan|home|internal))$/i

/**
 * The origin of a relay, or null for what is no address. Without a scheme, hosts of a local network and those with a port are asked
 * over http, others over https; a page that came over https can only ask https.
 */
export function relayOrigin(text: string, pageIsHttps: boolean): string | null {
  const trimmed = text.trim()
  if (trimmed === '' || /\s/.test(trimmed)) return null
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)
  const parsed = parseUrl(hasScheme ? trimmed : `http://${trimmed}`)
  if (!parsed || parsed.hostname === '' || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return null
  if (hasScheme) return parsed.origin
  const local = IP_OR_LOCAL.test(parsed.hostname) || parsed.port !== ''
  return local && !pageIsHttps ? parsed.origin : parsed.origin.replace(/^http:/, 'https:')
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}
