// Completes people and emoji in a text field, by keyboard and pointer, also while a syllable is being composed. Knows no message.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import type { EmojiIndex } from '../../emoji/emoji-index.ts'
import { loadEmoji } from '../../emoji/load-emoji.ts'
import { loadHabits, noteUsed } from '../../emoji/recent-emoji.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import type { ListedPerson } from '../../texts/people.ts'
import { stepInList } from '../../ui/listbox.tsx'
import { closedShortcode, emojiFor, namedAt, peopleFor } from './completion.ts'
import type { Choice, Named } from './completion.ts'
import { putWords } from './field.ts'
import { isComposing } from './target.ts'

export interface OpenChoices {
  named: Named
  choices: readonly Choice[]
  active: number
}

export interface Completion {
  open: OpenChoices | null
  /** What is there to choose from now; not a render later. */
  isOpen: () => boolean
  /** Looks at the field again: its text or caret has changed. */
  look: () => void
  /** Puts the active choice, or another one, into the text. False when there is none. */
  take: (choice?: Choice) => boolean
  close: () => void
  choose: (active: number) => void
  /** Whether the key was one of the list's. */
  onKeyDown: (event: KeyboardEvent) => boolean
}

interface CompletionOptions {
  fieldRef: RefObject<HTMLTextAreaElement | null>
  people: readonly ListedPerson[]
  onMention: (person: ListedPerson) => void
}

export function useCompletion({ fieldRef, people, onMention }: CompletionOptions): Completion {
  const { locale } = useTexts()
  const [open, setOpen] = useState<OpenChoices | null>(null)
  const current = useRef<OpenChoices | null>(null)
  const emoji = useRef<EmojiIndex | null>(null)
  /** Where something was named that the person did not want completed, or has completed. */
  const left = useRef<number | null>(null)
  const latest = useRef({ people, locale })
  useEffect(() => {
    latest.current = { people, locale }
  }, [people, locale])

  const composes = useRef(false)
  const lookAgain = useRef<() => void>(() => undefined)

  const show = useCallback((next: OpenChoices | null) => {
    if (current.current === null && next === null) return
    current.current = next
    setOpen(next)
  }, [])

  const choicesFor = useCallback((named: Named): readonly Choice[] => {
    if (named.kind === 'mention') return peopleFor(named.query, latest.current.people)
    const index = emoji.current
    return index ? emojiFor(named.query, index, latest.current.locale, loadHabits(window.localStorage).tone) : []
  }, [])

  const look = useCallback(() => {
    const element = fieldRef.current
    if (!element) return
    const { value, selectionStart, selectionEnd } = element
    const named = selectionStart === selectionEnd ? namedAt(value, selectionEnd) : null
    if (named?.from !== left.current) left.current = null
    if (!named || left.current !== null) {
      show(null)
      return
    }
    if (named.kind === 'emoji' && !emoji.current) {
      // Without the data nothing is offered; the next key asks for it again.
      loadEmoji().then(
        (index) => {
          emoji.current = index
          lookAgain.current()
        },
        () => undefined
      )
    }
    const choices = choicesFor(named)
    const before = current.current
    const same = before?.named.from === named.from && before.named.query === named.query
    show(
      choices.length === 0 ? null : { named, choices, active: same ? Math.min(before.active, choices.length - 1) : 0 }
    )
  }, [fieldRef, choicesFor, show])
  useEffect(() => {
    lookAgain.current = look
  }, [look])
  // Somebody has come, gone, or changed their name while there is something to choose from.
  useEffect(() => {
    if (current.current) lookAgain.current()
  }, [people])

  const close = useCallback(() => {
    if (!current.current) return
    left.current = current.current.named.from
    show(null)
  }, [show])

  const take = useCallback(
    (choice?: Choice) => {
      const element = fieldRef.current
      const { named, choices, active } = current.current ?? {}
      const taken = choice ?? choices?.[active ?? 0]
      if (!named || !taken || !element) return false
      left.current = named.from
      show(null)
      // The input method would write again what it has not finished. By Enter it has.
      if (composes.current) element.blur()
      if (taken.kind === 'mention') onMention(taken.person)
      else noteUsed(window.localStorage, taken.emoji)
      putWords(element, named.from, named.to, taken.words)
      return true
    },
    [fieldRef, onMention, show]
  )

  const onKeyDown = useCallback(
    ({ nativeEvent: event }: KeyboardEvent): boolean => {
      const { choices, active, named } = current.current ?? {}
      if (!choices || active === undefined || !named || isComposing(event)) return false
      if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false
      const to = stepInList(active, choices.length, event.key)
      if (to !== null) show({ named, choices, active: to })
      else if (event.key === 'Escape') close()
      else if (event.key !== 'Tab' || !take()) return false
      event.preventDefault()
      event.stopPropagation()
      return true
    },
    [show, close, take]
  )

  // A shortcode that is typed to its end is the emoji at once.
  useEffect(() => {
    const element = fieldRef.current
    if (!element) return
    const onInput = (event: Event) => {
      if (!(event instanceof InputEvent) || event.data !== ':' || event.isComposing) return
      const closed = closedShortcode(element.value, element.selectionEnd)
      const found = closed && emoji.current?.byShortcode(closed.shortcode)
      if (!closed || !found) return
      const shown = found.tones[loadHabits(window.localStorage).tone] ?? found.emoji
      noteUsed(window.localStorage, shown)
      putWords(element, closed.from, element.selectionEnd, shown)
    }
    const onComposing = ({ type }: Event) => {
      composes.current = type === 'compositionstart'
    }
    element.addEventListener('input', onInput)
    element.addEventListener('compositionstart', onComposing)
    element.addEventListener('compositionend', onComposing, { capture: true })
    return () => {
      element.removeEventListener('input', onInput)
      element.removeEventListener('compositionstart', onComposing)
      element.removeEventListener('compositionend', onComposing, { capture: true })
    }
  }, [fieldRef])

  const choose = useCallback(
    (active: number) => {
      if (current.current) show({ ...current.current, active })
    },
    [show]
  )
  const isOpen = useCallback(() => current.current !== null, [])
  return { open, isOpen, look, take, close, choose, onKeyDown }
}
