// Draws the text of a message: its marks, links and the people it names. Every element is made here; nothing in a message becomes markup.
import { Fragment, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { roomPlaceOf } from '../../../platform/hash-route.ts'
import { copyText } from '../../../platform/copy-text.ts'
import { useServices } from '../../../services-context.tsx'
import { useTexts } from '../../../texts/texts-context.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { IconButton } from '../../../ui/button.tsx'
import { isOnlyEmoji, messageParts } from '../message-parts.ts'
import type { Block, Inline } from './body.ts'
import { mentionParts } from './mentions.ts'
import type { MentionedName } from './mentions.ts'
import styles from './rich-text.module.css'
import { useBlocks } from './use-blocks.ts'

const NOBODY: readonly MentionedName[] = []
/** How long "copied" is said. */
const COPIED_MS = 2_000

/** Null within a link: what is written there leads where the link leads. */
type Names = readonly MentionedName[] | null

interface RichTextProps {
  /** What the text belongs to: it is read once for each. */
  owner: object
  body: string
  names?: readonly MentionedName[] | undefined
}

export function RichText({ owner, body, names = NOBODY }: RichTextProps) {
  const blocks = useBlocks(owner, body)
  if (blocks === null) {
    return (
      <p className={classNames(styles.prose, isOnlyEmoji(body) && styles.large)} dir="auto" data-testid="message-body">
        <Words text={body} names={names} />
      </p>
    )
  }
  return (
    <div className={styles.blocks} dir="auto" data-testid="message-body">
      <Blocks blocks={blocks} names={names} />
    </div>
  )
}

function Blocks({ blocks, names }: { blocks: readonly Block[]; names: Names }): ReactNode {
  return blocks.map((block, index) => <OneBlock key={index} block={block} names={names} />)
}

function OneBlock({ block, names }: { block: Block; names: Names }) {
  switch (block.type) {
    case 'prose':
      return (
        <p className={styles.prose} dir="auto">
          <Inlines inlines={block.children} names={names} />
        </p>
      )
    case 'code':
      return <Code text={block.text} language={block.language} />
    case 'quote':
      return (
        <blockquote className={styles.quote}>
          <Blocks blocks={block.blocks} names={names} />
        </blockquote>
      )
    case 'list':
      return <List block={block} names={names} />
  }
}

function List({ block, names }: { block: Extract<Block, { type: 'list' }>; names: Names }) {
  const numbered = block.items.some(({ number }) => number !== undefined)
  const items = block.items.map(({ number, blocks }, index) => (
    <li key={index} value={number}>
      <Blocks blocks={blocks} names={names} />
    </li>
  ))
  return numbered ? (
    <ol className={classNames(styles.list, styles.numbered)}>{items}</ol>
  ) : (
    <ul className={classNames(styles.list, styles.points)}>{items}</ul>
  )
}

function Code({ text, language }: { text: string; language: string | undefined }) {
  const { timeline } = useTexts()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <div className={styles.code}>
      <div className={styles.codeBar}>
        <span>{language}</span>
        <IconButton
          icon={copied ? 'check' : 'copy'}
          label={copied ? timeline.codeCopied : timeline.copyCode}
          onClick={() => void copyText(text).then(setCopied)}
        />
      </div>
      <pre dir="ltr">
        <code>{text}</code>
      </pre>
    </div>
  )
}

function Inlines({ inlines, names }: { inlines: readonly Inline[]; names: Names }): ReactNode {
  return inlines.map((inline, index) => <OneInline key={index} inline={inline} names={names} />)
}

function OneInline({ inline, names }: { inline: Inline; names: Names }) {
  switch (inline.type) {
    case 'text':
      return <Words text={inline.text} names={names} />
    case 'code':
      return <code className={styles.inlineCode}>{inline.text}</code>
    case 'link':
      return (
        <Link href={inline.href} named={isNamed(inline)}>
          <Inlines inlines={inline.children} names={null} />
        </Link>
      )
    case 'strong':
      return (
        <strong>
          <Inlines inlines={inline.children} names={names} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inlines inlines={inline.children} names={names} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Inlines inlines={inline.children} names={names} />
        </s>
      )
  }
}

/** Text without marks: addresses and names are found in it all the same. */
function Words({ text, names }: { text: string; names: Names }): ReactNode {
  if (names === null) return text
  return messageParts(text).map((part, index) =>
    'href' in part ? (
      <Link key={index} href={part.href}>
        {part.text}
      </Link>
    ) : (
      <Fragment key={index}>
        {mentionParts(part.text, names).map((named, at) =>
          'own' in named ? (
            <span key={at} className={styles.mention} data-own={named.own} data-testid="mention">
              {named.text}
            </span>
          ) : (
            named.text
          )
        )}
      </Fragment>
    )
  )
}

/** To the web in a window of its own; to a message of this relay right here. */
function Link({ href, named = false, children }: { href: string; named?: boolean; children: ReactNode }) {
  const { timeline } = useTexts()
  const { relayUrl } = useServices()
  const place = roomPlaceOf(href, relayUrl)
  if (place !== null) return <a href={place}>{children}</a>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={named ? href : timeline.opensInNewTab}>
      {children}
    </a>
  )
}

/** Whether the words of a link are others than its address. */
function isNamed({ href, children: [first, ...others] }: Extract<Inline, { type: 'link' }>): boolean {
  return others.length > 0 || first?.type !== 'text' || first.text !== href
}
