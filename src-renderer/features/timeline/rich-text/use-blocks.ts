// Reads the marks of messages as they are drawn: the parser is loaded with the first message that may have any, and each text is read once.
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Block } from './body.ts'
import { mayHaveMarks } from './body.ts'

type Parse = (body: string) => readonly Block[] | null

let parse: Parse | null = null
let loading: Promise<unknown> | null = null
const waiting = new Set<() => void>()
const read = new WeakMap<object, { body: string; blocks: readonly Block[] | null }>()

function load(): Promise<unknown> {
  loading ??= import('./parse.ts').then(
    ({ parseBody }) => {
      parse = parseBody
      for (const tell of waiting) tell()
    },
    () => {
      // What was written is readable without it; the next message with a mark asks again.
      loading = null
    }
  )
  return loading
}

function subscribe(tell: () => void): () => void {
  waiting.add(tell)
  return () => waiting.delete(tell)
}

const parser = (): Parse | null => parse

/**
 * The blocks of a text, or null where it is shown as it was typed: it has no marks, is not worth reading, or the parser is not here yet.
 * @param owner what the text belongs to; it is read once for each
 */
export function useBlocks(owner: object, body: string): readonly Block[] | null {
  const parse = useSyncExternalStore(subscribe, parser)
  const wanted = mayHaveMarks(body)
  useEffect(() => {
    if (wanted && parse === null) void load()
  }, [wanted, parse])
  if (!wanted || parse === null) return null
  const before = read.get(owner)
  if (before?.body === body) return before.blocks
  const blocks = parse(body)
  read.set(owner, { body, blocks })
  return blocks
}

/** Whether texts can be drawn as they will stay: none has a mark, or the parser has been tried. Once true it stays true. */
export function useMarksReady(items: readonly { body: string }[] | undefined): boolean {
  const [tried, setTried] = useState(false)
  const ready = tried || parse !== null || (items !== undefined && !items.some(({ body }) => mayHaveMarks(body)))
  if (items !== undefined && ready && !tried) setTried(true)
  useEffect(() => {
    if (items === undefined || ready) return
    let mounted = true
    void load().then(() => mounted && setTried(true))
    return () => {
      mounted = false
    }
  }, [items, ready])
  return ready
}
