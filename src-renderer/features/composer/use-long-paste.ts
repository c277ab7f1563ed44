// Puts a long text into the field as a whole. What the browser inserts itself Chromium (156) keeps as one run of text, and lays all of it out anew at
// each key, for seconds at 100,000 characters; what is set it keeps in runs of 8,192. Knows no message.
import { useEffect } from 'react'
import type { RefObject } from 'react'

/** Shorter ones are the browser's, and so is each as long as the field holds no more than MANY_CHARS with it. */
const LONG_CHARS = 1_000
const MANY_CHARS = 8_000
const PUT_IN = new Set(['insertFromPaste', 'insertText'])

interface State {
  text: string
  from: number
  to: number
}

/** To set is no step that the browser can undo: Ctrl+Z and its opposite do so here, as long as the text is what was left by it. */
export function useLongPaste(ref: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const field = ref.current
    if (!field) return
    let step: { before: State; after: State } | null = null
    const stateNow = (): State => ({ text: field.value, from: field.selectionStart, to: field.selectionEnd })
    const told = (inputType: string): void => {
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType }))
      field.scrollTop = field.selectionEnd === field.value.length ? field.scrollHeight : field.scrollTop
    }
    const restore = ({ text, from, to }: State, inputType: string): void => {
      field.value = text
      field.setSelectionRange(from, to)
      told(inputType)
    }

    const onBeforeInput = (event: Event): void => {
      if (!(event instanceof InputEvent) || !event.cancelable || !PUT_IN.has(event.inputType)) return
      const words = (event.data ?? event.dataTransfer?.getData('text/plain') ?? '').replaceAll(/\r\n?/gu, '\n')
      if (words.length < LONG_CHARS || words.length + field.value.length <= MANY_CHARS) return
      event.preventDefault()
      const before = stateNow()
      field.setRangeText(words, before.from, before.to)
      field.setSelectionRange(before.from + words.length, before.from + words.length)
      told(event.inputType)
      step = { before, after: stateNow() }
    }
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!step || event.altKey || !(event.ctrlKey || event.metaKey) || event.isComposing) return
      const undoes = event.code === 'KeyZ' && !event.shiftKey
      const redoes = (event.code === 'KeyZ' && event.shiftKey) || event.code === 'KeyY'
      if (undoes && field.value === step.after.text) restore(step.before, 'historyUndo')
      else if (redoes && field.value === step.before.text) restore(step.after, 'historyRedo')
      else return
      event.preventDefault()
    }
    field.addEventListener('beforeinput', onBeforeInput)
    field.addEventListener('keydown', onKeyDown)
    return () => {
      field.removeEventListener('beforeinput', onBeforeInput)
      field.removeEventListener('keydown', onKeyDown)
    }
  }, [ref])
}
