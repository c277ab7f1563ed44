// The link that carries an invite: the address of a relay, and the code behind a hash, where no server logs it.

/** `http://family.local:4100/#/invite/ABCD-EFGH` */
export function inviteLink(relayUrl: string, code: string): string {
  return `${relayUrl}/#/invite/${encodeURIComponent(code)}`
}

/** The code in a hash, or null. */
export function inviteOfHash(hash: string): string | null {
  const code = /^#\/invite\/([\w-]+)$/.exec(hash)?.[1]
  return code ?? null
}

/** What a pasted invite says, or null for any other text. */
export function readInviteLink(text: string): { relayUrl: string; code: string } | null {
  const trimmed = text.trim()
  if (!URL.canParse(trimmed)) return null
  const url = new URL(trimmed)
  const code = inviteOfHash(url.hash)
  return code !== null && /^https?:$/.test(url.protocol) ? { relayUrl: url.origin, code } : null
}
