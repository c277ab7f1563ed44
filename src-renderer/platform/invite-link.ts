// The links that carry a code of a relay: an invite, or the setting of a new password [SPEC §5]. Reads and makes them; follows none.

/** What a link or the page's address brings along. */
export type BroughtCode =
  | { kind: 'join'; code: string; /** Another relay than the page's, where a link says so. */ relayUrl?: string }
  | { kind: 'reset'; username: string; code: string }

/** `https://family.example/join/apple-river-stone-…`: the relay leads on to the client, with the code behind the hash. */
export function inviteLink(relayUrl: string, code: string): string {
  return `${relayUrl}/join/${encodeURIComponent(code)}`
}

/** The same for the installed app: `maru://join?relay=…&code=…`. */
export function inviteAppLink(relayUrl: string, code: string): string {
  return `maru://join?${new URLSearchParams({ relay: relayUrl, code }).toString()}`
}

/** Behind the hash, where no server between logs it: whoever holds it sets a password. */
export function resetLink(relayUrl: string, username: string, code: string): string {
  return `${relayUrl}/#/reset/${encodeURIComponent(username)}/${encodeURIComponent(code)}`
}

/** The hash by which a link to any relay is opened in this page. */
export function hashOfInvite({ relayUrl, code }: { relayUrl: string; code: string }): string {
  return `#/join/${encodeURIComponent(code)}/${encodeURIComponent(relayUrl)}`
}

/** What the page's hash brings, or null. */
export function codeOfHash(hash: string): BroughtCode | null {
  const [, kind, first, second] = /^#\/(join|reset)\/([^/?#]+)(?:\/([^/?#]+))?$/.exec(hash) ?? []
  if (kind === 'join') {
    const code = decoded(first)
    const relayUrl = second === undefined ? undefined : originOf(decoded(second) ?? '')
    if (code === null || relayUrl === null) return null
    return { kind, code, ...(relayUrl === undefined ? {} : { relayUrl }) }
  }
  if (kind !== 'reset') return null
  const username = decoded(first)
  const code = decoded(second)
  return username === null || code === null ? null : { kind, username, code }
}

/** What a pasted invite says, or null for any other text. */
export function readInviteLink(text: string): { relayUrl: string; code: string } | null {
  const trimmed = text.trim()
  if (!URL.canParse(trimmed)) return null
  const url = new URL(trimmed)
  if (url.protocol === 'maru:') return ofAppLink(url)
  if (!/^https?:$/.test(url.protocol)) return null
  const inPath = decoded(/^\/join\/([^/]+)\/?$/.exec(url.pathname)?.[1])
  if (inPath !== null) return { relayUrl: url.origin, code: inPath }
  const inHash = codeOfHash(url.hash)
  return inHash?.kind === 'join' ? { relayUrl: url.origin, code: inHash.code } : null
}

function ofAppLink(url: URL): { relayUrl: string; code: string } | null {
  const relay = url.searchParams.get('relay') ?? ''
  const code = url.searchParams.get('code') ?? ''
  const isJoin = url.host === 'join' || url.pathname === '//join'
  const relayUrl = originOf(relay)
  return isJoin && code !== '' && relayUrl !== null ? { relayUrl, code } : null
}

/** Of a web address; null for any other text. */
function originOf(text: string): string | null {
  return /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).origin : null
}

function decoded(part: string | undefined): string | null {
  if (part === undefined) return null
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
