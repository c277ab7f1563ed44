// Takes the text of a message apart into plain text and links. Pure; nothing in it is ever markup.

export type MessagePart = { text: string } | { text: string; href: string }

/**
 * ASCII as URLs have it. Letters of other scripts belong to a link only where they begin a part of its path (`/wiki/마루`): a particle
 * that follows a word (`example.com에서`) does not.
 */
const LINK =
  /https?:\/\/(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]|(?<=[/=_\-#?&+]|[^\p{ASCII}])(?!\p{ASCII})[\p{L}\p{N}\p{M}])+/giu

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[' }

/** What else may be led to where it is named by its whole address. */
const OTHER_ADDRESS =
  /mailto:[^\s@<>()[\]"'`*]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|maru:\/\/[A-Za-z0-9\-._~:/?#@!$&+,;=%]*[A-Za-z0-9/]/iu
const ANY_ADDRESS = new RegExp(`${LINK.source}|${OTHER_ADDRESS.source}`, 'giu')
const ADDRESS_HERE = new RegExp(ANY_ADDRESS.source, 'iuy')

/** The parts of a text, in order; together they are the text. Only http, https, mailto and maru become links. */
export function messageParts(text: string): MessagePart[] {
  const parts: MessagePart[] = []
  let done = 0
  for (const { index } of text.includes(':') ? text.matchAll(ANY_ADDRESS) : []) {
    const link = linkAt(text, index)
    if (link === null) continue
    if (index > done) parts.push({ text: text.slice(done, index) })
    parts.push({ text: link, href: link })
    done = index + link.length
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}

/** The link that begins at a place of a text, or null. Nothing begins within a word. */
export function linkAt(text: string, at: number): string | null {
  const first = text.charAt(at)
  if (!/[hm]/i.test(first) || (at > 0 && /[A-Za-z0-9]/.test(text.charAt(at - 1)))) return null
  ADDRESS_HERE.lastIndex = at
  const found = ADDRESS_HERE.exec(text)?.[0]
  const link = found !== undefined && /^h/i.test(found) ? withoutTrailingPunctuation(found) : found
  return link !== undefined && isSafeLink(link) ? link : null
}

const SAFE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'maru:'])

/** Whether an address may be led to: the web, a letter, or Maru itself; nothing that runs. */
export function isSafeLink(address: string): boolean {
  if (/^https?:/i.test(address)) return isWebAddress(address)
  return URL.canParse(address) && SAFE.has(new URL(address).protocol)
}

function withoutTrailingPunctuation(link: string): string {
  const counts = new Map<string, number>()
  for (const char of link) if ('()[]'.includes(char)) counts.set(char, (counts.get(char) ?? 0) + 1)
  let end = link.length
  while (end > 0) {
    const last = link.charAt(end - 1)
    const opening = CLOSING[last]
    const unbalanced = opening !== undefined && (counts.get(opening) ?? 0) < (counts.get(last) ?? 0)
    if (!unbalanced && !/[.,;:!?'*]/.test(last)) break
    if (unbalanced) counts.set(last, (counts.get(last) ?? 0) - 1)
    end--
  }
  return link.slice(0, end)
}

function isWebAddress(link: string): boolean {
  if (!URL.canParse(link)) return false
  const { protocol, hostname } = new URL(link)
  return (protocol === 'http:' || protocol === 'https:') && hostname !== ''
}

/** Eight of the longest. */
const MAX_EMOJI_CHARS = 200
/** No letter but ℹ is part of an emoji: enough to know it of nearly every message. */
const LETTER = /(?!\u2139)\p{L}/u
let fewEmoji: RegExp | undefined

/** Whether a message is nothing but a few emoji, which are shown large. */
export function isOnlyEmoji(text: string): boolean {
  if (text.length > MAX_EMOJI_CHARS || LETTER.test(text)) return false
  // Made when it is first needed, and not as a literal: the browser takes as long for it as for drawing the room (16 ms and more).
  fewEmoji ??= new RegExp(String.raw`^\s*(?:\p{RGI_Emoji}\s*){1,8}$`, 'v')
  return fewEmoji.test(text)
}
