// The picker's emoji, of which only those in view are drawn. Which of them is active is its owner's to say.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { Listbox, Option } from '../ui/listbox.tsx'
import type { Emoji } from './emoji-index.ts'
import styles from './emoji-picker.module.css'
import type { GridRow } from './grid.ts'

interface EmojiGridProps {
  /** Of the list; of an emoji it is `${id}-${number}`. */
  id: string
  label: string
  rows: readonly GridRow[]
  count: number
  columns: number
  cellPx: number
  active: number
  formOf: (emoji: Emoji) => string
  nameOf: (emoji: Emoji) => string
  /** Is given the way to scroll. */
  scrollTo: RefObject<(row: number, align: 'start' | 'auto') => void>
  onActive: (number: number) => void
  onPick: (emoji: Emoji) => void
}

const HEIGHT_PX = 288

export function EmojiGrid(props: EmojiGridProps) {
  const { id, label, rows, count, columns, cellPx, active, formOf, nameOf, scrollTo, onActive, onPick } = props
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- what it returns is not passed to anything that memoises by it
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cellPx,
    initialRect: { width: columns * cellPx, height: HEIGHT_PX },
    overscan: 4
  })
  useEffect(() => {
    scrollTo.current = (row, align) => virtualizer.scrollToIndex(Math.max(0, row), { align })
  }, [scrollTo, virtualizer])
  return (
    <Listbox ref={scroller} id={id} label={label} className={styles.scroller} style={{ maxHeight: HEIGHT_PX }}>
      <div role="presentation" className={styles.grid} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index]
          return (
            row && (
              <div
                key={key}
                role="presentation"
                className={styles.row}
                style={{ height: cellPx, transform: `translateY(${start}px)` }}
              >
                {row.kind === 'title' ? (
                  <p className={styles.title} role="presentation" aria-hidden>
                    {row.title}
                  </p>
                ) : (
                  row.emoji.map((emoji, at) => (
                    <Option
                      key={emoji.emoji}
                      id={`${id}-${row.first + at}`}
                      className={styles.emoji}
                      style={{ width: cellPx, height: cellPx }}
                      selected={row.first + at === active}
                      aria-setsize={count}
                      aria-posinset={row.first + at + 1}
                      aria-label={nameOf(emoji)}
                      title={nameOf(emoji)}
                      onPointerMove={() => {
                        if (row.first + at !== active) onActive(row.first + at)
                      }}
                      onClick={() => onPick(emoji)}
                    >
                      {formOf(emoji)}
                    </Option>
                  ))
                )}
              </div>
            )
          )
        })}
      </div>
    </Listbox>
  )
}
