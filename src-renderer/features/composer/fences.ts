// Where the blocks of code of a text begin and end, as the timeline shows them (rich-text/lines.ts), for who divides a text. Pure.

const FENCE = /^[ \t]{0,3}```(?!`)/
const LANGUAGE = /^[\w+#.-]{1,20}$/

export interface CodeBlock {
  /** Where the line of the opening fence begins. */
  from: number
  /** Where the code begins and ends, without fences. */
  codeFrom: number
  codeTo: number
  /** Behind the closing fence. */
  to: number
  /** The line that opens it, for a block that goes on. */
  opening: string
}

/** In order; only what is closed and holds something is a block. Cost: linear. */
export function codeBlocks(text: string): CodeBlock[] {
  if (!text.includes('```')) return []
  const lines = linesOf(text)
  const lastFence = lines.findLastIndex(({ closes }) => closes)
  const blocks: CodeBlock[] = []
  for (let at = 0; at < lastFence;) {
    const line = lines[at]
    const opening = line && FENCE.test(line.text) ? line.text.replace(FENCE, '') : null
    if (!line || opening === null || opening.includes('`')) {
      at++
      continue
    }
    let end = at + 1
    while (!lines[end]?.closes) end++
    const closing = lines[end]
    if (!closing) break
    const named = opening.trim() === '' || LANGUAGE.test(opening.trim())
    const codeFrom = named ? line.to + 1 : line.to - opening.length
    const codeTo = closing.from + closing.text.trimEnd().length - 3
    if (text.slice(codeFrom, codeTo).trim() === '') {
      at++
      continue
    }
    blocks.push({ from: line.from, codeFrom, codeTo, to: closing.to, opening: named ? line.text.trim() : '```' })
    at = end + 1
  }
  return blocks
}

interface Line {
  from: number
  to: number
  text: string
  closes: boolean
}

function linesOf(text: string): Line[] {
  let from = 0
  return text.split('\n').map((line) => {
    const begun = from
    from += line.length + 1
    return { from: begun, to: begun + line.length, text: line, closes: line.trimEnd().endsWith('```') }
  })
}
