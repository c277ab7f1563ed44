// Takes a text apart by its lines: blocks of code, quotes, and the rest. As chats do it, not as documents do: a quote is what stands behind ">",
// line by line, and a block of code is one only when it is closed.

export type Part =
  { type: 'code'; text: string; language?: string } | { type: 'quote'; text: string } | { type: 'text'; text: string }

/** ">_<" is a face: a quote has a space behind its sign. */
const QUOTED = /^[ \t]{0,3}>(?:[ \t]|$)/
const FENCE = /^[ \t]{0,3}```(?!`)/
const LANGUAGE = /^[\w+#.-]{1,20}$/

/** In order; every character of the text is in one of them, but for the signs. Cost: linear. */
export function partsOf(text: string): Part[] {
  const lines = text.split('\n')
  const parts: Part[] = []
  let plain: string[] = []
  const endPlain = (): void => {
    if (plain.some((line) => line.trim() !== '')) parts.push({ type: 'text', text: plain.join('\n') })
    plain = []
  }
  let lastFence = lines.findLastIndex((line) => line.trimEnd().endsWith('```'))
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    const code = at <= lastFence && FENCE.test(line) ? codeFrom(lines, at) : null
    if (code) {
      endPlain()
      parts.push(code.part)
      at = code.next
      continue
    }
    if (QUOTED.test(line)) {
      endPlain()
      const quoted: string[] = []
      for (; at < lines.length && QUOTED.test(lines[at] ?? ''); at++) quoted.push((lines[at] ?? '').replace(QUOTED, ''))
      parts.push({ type: 'quote', text: quoted.join('\n') })
      continue
    }
    if (FENCE.test(line) && !code) lastFence = Math.min(lastFence, at)
    plain.push(line)
    at++
  }
  endPlain()
  return parts
}

/** The block that a line opens; null when nothing closes it, or when there is nothing in it. */
function codeFrom(lines: readonly string[], at: number): { part: Part; next: number } | null {
  const opening = (lines[at] ?? '').replace(FENCE, '')
  // ```code``` within one line is said by the parser of lines.
  if (opening.includes('`')) return null
  let end = at + 1
  while (end < lines.length && !(lines[end] ?? '').trimEnd().endsWith('```')) end++
  if (end >= lines.length) return null
  const language = opening.trim()
  const named = LANGUAGE.test(language)
  // What is not the name of a language is code that begins at once; nothing that was typed goes.
  const first = named || language === '' ? [] : [opening]
  const last = (lines[end] ?? '').trimEnd().slice(0, -3)
  const content = [...first, ...lines.slice(at + 1, end), ...(last.trim() === '' ? [] : [last])].join('\n')
  if (content.trim() === '') return null
  return { part: { type: 'code', text: content, ...(named ? { language } : {}) }, next: end + 1 }
}
