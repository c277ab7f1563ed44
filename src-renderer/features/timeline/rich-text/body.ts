// What the text of a message is made of once its marks are understood, and whether it may have any. Pure data; knows no parser and no screen.

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'link'; href: string; children: readonly Inline[] }
  | { type: 'strong' | 'em' | 'strike'; children: readonly Inline[] }

export interface ListItem {
  /** As it was typed; absent in a list without numbers. */
  number?: number
  blocks: readonly Block[]
}

export type Block =
  /** Line breaks in it are meant. */
  | { type: 'prose'; children: readonly Inline[] }
  | { type: 'code'; text: string; language?: string }
  | { type: 'quote'; blocks: readonly Block[] }
  | { type: 'list'; items: readonly ListItem[] }

const MARKS = /[*_~`[]|^[ \t]*(?:[-*]|>|\d{1,2}[.)])(?:[ \t]|$)/m

/** Whether reading the marks can change anything. Most messages have none, and never need the parser. */
export function mayHaveMarks(body: string): boolean {
  return MARKS.test(body)
}

/** The words alone, for reading aloud and for tests: what a person would copy. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(textOfBlock).join('\n')
}

function textOfBlock(block: Block): string {
  switch (block.type) {
    case 'prose':
      return textOfInlines(block.children)
    case 'code':
      return block.text
    case 'quote':
      return plainText(block.blocks)
    case 'list':
      return block.items
        .map(({ number, blocks }) => `${number === undefined ? '-' : `${number}.`} ${plainText(blocks)}`)
        .join('\n')
  }
}

function textOfInlines(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ('children' in inline ? textOfInlines(inline.children) : inline.text)).join('')
}
