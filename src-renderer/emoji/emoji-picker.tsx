// Choosing one of all emoji: by eye, by name in Korean or English, by keyboard. Loaded when it is first opened; knows no message.
import { useDeferredValue, useId, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import { useTexts } from '../texts/texts-context.tsx'
import { comboboxProps } from '../ui/listbox.tsx'
import { TextField } from '../ui/text-field.tsx'
import { EMOJI_GROUPS } from './emoji-index.ts'
import type { Emoji, EmojiIndex } from './emoji-index.ts'
import { EmojiGrid } from './emoji-grid.tsx'
import styles from './emoji-picker.module.css'
import { gridRows, rowOf, stepInGrid } from './grid.ts'
import type { EmojiSection } from './grid.ts'
import { loadHabits, noteUsed, saveHabits } from './recent-emoji.ts'
import { ToneChoice } from './tone-choice.tsx'

/** What stands for its group. */
const GROUP_SIGNS = {
  smileys: '😀',
  people: '👋',
  nature: '🐻',
  food: '🍎',
  travel: '🚗',
  activities: '⚽',
  objects: '💡',
  symbols: '💛',
  flags: '🏳️'
} as const

const MOST_FOUND = 90
const CELL_REM = 2.25
const WIDTH_REM = 21.5
/** Padding and scroll bar. */
const BESIDE_GRID_PX = 34

function measuredColumns(): { columns: number; cellPx: number } {
  const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
  const widthPx = Math.min(WIDTH_REM * remPx, window.innerWidth - 18) - BESIDE_GRID_PX
  return { columns: Math.max(3, Math.floor(widthPx / (CELL_REM * remPx))), cellPx: CELL_REM * remPx }
}

interface EmojiPickerProps {
  index: EmojiIndex
  /** Focused when the picker opens. */
  searchField: RefObject<HTMLInputElement | null>
  onPick: (emoji: string) => void
}

export function EmojiPicker({ index, searchField, onPick }: EmojiPickerProps) {
  const texts = useTexts()
  const id = useId()
  const [query, setQuery] = useState('')
  const sought = useDeferredValue(query)
  const [active, setActive] = useState(0)
  const [habits, setHabits] = useState(() => loadHabits(window.localStorage))
  const [{ columns, cellPx }] = useState(measuredColumns)
  const scrollTo = useRef<(row: number, align: 'start' | 'auto') => void>(() => undefined)

  const sections = useMemo<readonly EmojiSection[]>(() => {
    if (sought.trim() !== '') return [{ title: '', emoji: index.search(sought, MOST_FOUND) }]
    const recent = habits.recent.map((each) => index.of(each)).filter((each) => each !== undefined)
    return [
      ...(recent.length === 0 ? [] : [{ title: texts.emoji.recent, emoji: [...new Set(recent)] }]),
      ...EMOJI_GROUPS.map((group) => ({
        title: texts.emoji.groups[group],
        emoji: index.all.filter((each) => each.group === group)
      }))
    ]
  }, [index, sought, habits.recent, texts])
  const rows = useMemo(() => gridRows(sections, columns), [sections, columns])
  const all = useMemo(() => sections.flatMap(({ emoji }) => emoji), [sections])
  const chosen = all[active]
  const formOf = (each: Emoji) => each.tones[habits.tone] ?? each.emoji

  const pick = (each: Emoji | undefined) => {
    if (!each) return
    noteUsed(window.localStorage, formOf(each))
    onPick(formOf(each))
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return
    if (event.key === 'Enter') {
      event.preventDefault()
      // What is drawn may be a word behind: who types and presses Enter means what was typed.
      pick(sought === query || query.trim() === '' ? chosen : index.search(query, 1)[0])
      return
    }
    const to = stepInGrid(rows, active, event.key)
    if (to === undefined) return
    event.preventDefault()
    setActive(to)
    scrollTo.current(rowOf(rows, to), 'auto')
  }

  const shift = sections.length - EMOJI_GROUPS.length
  return (
    <div className={styles.picker}>
      <div className={styles.search}>
        <TextField
          ref={searchField}
          labelHidden
          label={texts.emoji.search}
          value={query}
          onValue={(value) => {
            setQuery(value)
            setActive(0)
            scrollTo.current(0, 'start')
          }}
          onKeyDown={onKeyDown}
          autoComplete="off"
          {...comboboxProps(id, true, chosen ? active : null)}
        />
      </div>
      {sought.trim() === '' && (
        <div className={styles.groups} role="toolbar" aria-label={texts.emoji.title}>
          {EMOJI_GROUPS.map((group, at) => (
            <button
              key={group}
              type="button"
              className={styles.group}
              aria-label={texts.emoji.groups[group]}
              title={texts.emoji.groups[group]}
              onClick={() => {
                const row = rows.findIndex((each) => each.kind === 'title' && each.section === at + shift)
                const first = rows[row + 1]
                if (first?.kind === 'emoji') setActive(first.first)
                scrollTo.current(row, 'start')
                searchField.current?.focus()
              }}
            >
              <span aria-hidden>{GROUP_SIGNS[group]}</span>
            </button>
          ))}
        </div>
      )}
      <EmojiGrid
        id={id}
        label={texts.emoji.title}
        rows={rows}
        count={all.length}
        columns={columns}
        cellPx={cellPx}
        active={active}
        formOf={formOf}
        nameOf={(each) => each.names[texts.locale === 'ko' ? 'ko' : 'en']}
        scrollTo={scrollTo}
        onActive={setActive}
        onPick={pick}
      />
      {all.length === 0 && <p className={styles.nothing}>{texts.emoji.nothingFound(sought.trim())}</p>}
      <footer className={styles.footer}>
        <p className={styles.chosen}>
          {chosen && (
            <>
              <span className={styles.chosenName}>{chosen.names[texts.locale === 'ko' ? 'ko' : 'en']}</span>
              <span className={styles.shortcode}>{`:${chosen.shortcodes[0] ?? ''}:`}</span>
            </>
          )}
        </p>
        <ToneChoice
          tone={habits.tone}
          onTone={(tone) => {
            const next = { ...habits, tone }
            setHabits(next)
            saveHabits(window.localStorage, next)
          }}
        />
      </footer>
    </div>
  )
}
