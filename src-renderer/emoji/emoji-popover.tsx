// The picker in a panel beside what opened it. Small: the picker and its data come when it opens for the first time.
import { useEffect, useRef, useState } from 'react'
import type { ComponentType } from 'react'
import { useTexts } from '../texts/texts-context.tsx'
import type { MenuAnchor } from '../ui/menu-place.ts'
import { Popover } from '../ui/popover.tsx'
import type { EmojiIndex } from './emoji-index.ts'
import type { EmojiPicker } from './emoji-picker.tsx'
import styles from './emoji-picker.module.css'
import { loadEmoji } from './load-emoji.ts'

interface Loaded {
  Picker: ComponentType<Parameters<typeof EmojiPicker>[0]>
  index: EmojiIndex
}

interface EmojiPopoverProps {
  anchor: MenuAnchor
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
  /** One, fully-qualified. The owner closes it. */
  onPick: (emoji: string) => void
  onClose: () => void
  /** Where the focus goes when it closes; without it, back to where it was. */
  finalFocus?: () => HTMLElement | null
}

/** Open as long as it is rendered. */
export function EmojiPopover({ anchor, align = 'end', side = 'top', onPick, onClose, finalFocus }: EmojiPopoverProps) {
  const texts = useTexts()
  const search = useRef<HTMLInputElement>(null)
  const [loaded, setLoaded] = useState<Loaded | 'failed'>()
  useEffect(() => {
    let mounted = true
    Promise.all([import('./emoji-picker.tsx'), loadEmoji()]).then(
      ([{ EmojiPicker: Picker }, index]) => {
        if (mounted) setLoaded({ Picker, index })
      },
      () => {
        if (mounted) setLoaded('failed')
      }
    )
    return () => {
      mounted = false
    }
  }, [])
  // The panel may be there before its field is.
  useEffect(() => {
    if (window.matchMedia('(hover: hover)').matches) search.current?.focus()
  }, [loaded])
  return (
    <Popover
      label={texts.emoji.title}
      anchor={anchor}
      align={align}
      side={side}
      onClose={onClose}
      initialFocus={search}
      {...(finalFocus === undefined ? {} : { finalFocus })}
    >
      {loaded === undefined || loaded === 'failed' ? (
        <output className={styles.waiting}>{loaded === 'failed' && texts.emoji.loadFailed}</output>
      ) : (
        <loaded.Picker index={loaded.index} searchField={search} onPick={onPick} />
      )}
    </Popover>
  )
}
