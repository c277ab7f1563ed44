// Takes the text of a message apart into plain text and links. Pure; nothing in it is ever markup.

export type MessagePart = { text: string } | { text: string; href: string }

/**
 * ASCII as URLs have it. Letters of other scripts belong to a link only where they begin a part of its path (`/wiki/마루`): a particle
 * that follows a word (`example.com에서`) does not.
 */
const LINK =
  /https?:\/\/(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]|(?<=[/=_\-#?&+]|[^\p{ASCII}])(?!\p{ASCII})[\p{L}\p{N}\p{M}])+/giu

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[' }

/** The parts of a text, in order; together they are the text. Only http and https become links. */
export function messageParts(text: string): MessagePart[] {
  const parts: MessagePart[] = []
  let done = 0
  for (const match of text.matchAll(LINK)) {
    const link = withoutTrailingPunctuation(match[0])
    if (!isWebAddress(link)) continue
    if (match.index > done) parts.push({ text: text.slice(done, match.index) })
    parts.push({ text: link, href: link })
    done = match.index + link.length
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}

function withoutTrailingPunctuation(link: string): string {
  let end = link.length
  while (end > 0) {
    const last = link.charAt(end - 1)
    const opening = CLOSING[last]
    const unbalanced = opening !== undefined && count(link, opening, end) < count(link, last, end)
    if (!unbalanced && !/[.,;:!?'*]/.test(last)) break
    end--
  }
  return link.slice(0, end)
}

function count(text: string, char: string, end: number): number {
  let found = 0
  for (let index = 0; index < end; index++) if (text.charAt(index) === char) found++
  return found
}

function isWebAddress(link: string): boolean {
  if (!URL.canParse(link)) return false
  const { protocol, hostname } = new URL(link)
  return (protocol === 'http:' || protocol === 'https:') && hostname !== ''
}

/** No letter but ℹ is part of an emoji: enough to know it of nearly every message. */
const LETTER = /(?!\u2139)\p{L}/u
let fewEmoji: RegExp | undefined

/** Whether a message is nothing but a few emoji, which are shown large. */
export function isOnlyEmoji(text: string): boolean {
  if (text.length > 100 || LETTER.test(text)) return false
  // Made when it is first needed, and not as a literal: the browser takes as long for it as for drawing the room (16 ms and more).
  fewEmoji ??= new RegExp(String.raw`^\s*(?:\p{RGI_Emoji}\s*){1,6}$`, 'v')
  return fewEmoji.test(text)
}
