// The links that carry a code of a relay: an invite, or the setting of a new password [SPEC §5]. Reads and makes them; follows none.

/** An invite to a relay, as a link brings it. */
export interface Invite {
  relayUrl: string
  code: string
  /** Of the certificate that the relay has made itself (SHA-256 of its DER, 64 hexadecimal digits): no other is to be accepted. For https alone. */
  fingerprint?: string
}

/** What a link or the page's address brings along. */
export type BroughtCode =
  | {
      kind: 'join'
      code: string
      /** Another relay than the page's, where a link says so. */
      relayUrl?: string
      fingerprint?: string
    }
  | { kind: 'reset'; username: string; code: string }

/** `https://family.example/join/apple-river-stone-…`: the relay leads on to the client, with the code behind the hash. */
export function inviteLink(relayUrl: string, code: string): string {
  return `${relayUrl}/join/${encodeURIComponent(code)}`
}

/** The same for the installed app: `maru://join?relay=…&code=…`, with `&fp=…` where the relay has a certificate of its own. */
export function inviteAppLink(relayUrl: string, code: string, fingerprint?: string): string {
  const fp = fingerprint === undefined ? {} : { fp: fingerprint }
  return `maru://join?${new URLSearchParams({ relay: relayUrl, code, ...fp }).toString()}`
}

/** Behind the hash, where no server between logs it: whoever holds it sets a password. */
export function resetLink(relayUrl: string, username: string, code: string): string {
  return `${relayUrl}/#/reset/${encodeURIComponent(username)}/${encodeURIComponent(code)}`
}

/** The hash by which a link to any relay is opened in this page. */
export function hashOfInvite({ relayUrl, code, fingerprint }: Invite): string {
  return ['#/join', ...[code, relayUrl, fingerprint ?? ''].filter(Boolean).map(encodeURIComponent)].join('/')
}

/** What the page's hash brings, or null. */
export function codeOfHash(hash: string): BroughtCode | null {
  const [, kind, first, second, third] = /^#\/(join|reset)\/([^/?#]+)(?:\/([^/?#]+))?(?:\/([^/?#]+))?$/.exec(hash) ?? []
  if (kind === 'join') {
    const code = decoded(first)
    if (code === null) return null
    if (second === undefined) return { kind, code }
    const invite = inviteOf(decoded(second) ?? '', code, third)
    return invite && { kind, ...invite }
  }
  if (kind !== 'reset' || third !== undefined) return null
  const username = decoded(first)
  const code = decoded(second)
  return username === null || code === null ? null : { kind, username, code }
}

/** What a pasted invite says, or null for any other text. */
export function readInviteLink(text: string): Invite | null {
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

function ofAppLink(url: URL): Invite | null {
  const code = url.searchParams.get('code') ?? ''
  const isJoin = url.host === 'join' || url.pathname === '//join'
  if (!isJoin || code === '') return null
  return inviteOf(url.searchParams.get('relay') ?? '', code, url.searchParams.get('fp') ?? undefined)
}

/** A fingerprint that is none makes it no invite: who was to be kept out would not be. */
function inviteOf(relay: string, code: string, fingerprint: string | undefined): Invite | null {
  const relayUrl = originOf(relay)
  if (relayUrl === null) return null
  if (fingerprint === undefined) return { relayUrl, code }
  const digits = fingerprint.toLowerCase()
  return relayUrl.startsWith('https:') && /^[0-9a-f]{64}$/.test(digits) ? { relayUrl, code, fingerprint: digits } : null
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
