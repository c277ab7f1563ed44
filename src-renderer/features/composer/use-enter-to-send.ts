// Feeds the events of a text field to the rules of Enter (ime.ts), and does what they say.
import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { IME_START, imeStep } from './ime.ts'
import type { EnterMeaning, ImeEvent } from './ime.ts'

interface EnterOptions {
  /** Which Enter sends; the other one, with or without Shift, breaks the line. */
  enterSends: 'enter' | 'shift-enter'
  /** Whether there is something to choose from: then a plain Enter takes it, whatever is set. */
  picks: () => boolean
  /** Once for each Enter that is meant to send. */
  onSend: () => void
}

/** Ctrl+Enter and Cmd+Enter send whatever is set; Alt+Enter is the browser's. */
function meaningOf(event: KeyboardEvent, { enterSends, picks }: EnterOptions): EnterMeaning {
  if (event.altKey) return 'break'
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? 'break' : 'send'
  if (!event.shiftKey && picks()) return 'send'
  return event.shiftKey === (enterSends === 'shift-enter') ? 'send' : 'break'
}

const FED = [
  'keydown',
  'keyup',
  'compositionstart',
  'compositionupdate',
  'compositionend',
  'beforeinput',
  'input',
  'blur'
]

export function useEnterToSend(ref: RefObject<HTMLTextAreaElement | null>, options: EnterOptions): void {
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  }, [options])

  useEffect(() => {
    const field = ref.current
    if (!field) return
    let state = IME_START
    const feed = (event: Event) => {
      const step = imeStep(state, seen(event, latest.current))
      state = step.state
      if (step.prevent) event.preventDefault()
      if (step.send) latest.current.onSend()
    }
    for (const type of FED) field.addEventListener(type, feed)
    return () => {
      for (const type of FED) field.removeEventListener(type, feed)
    }
  }, [ref])
}

/** What the rules need of an event of one of the FED types. */
function seen(event: Event, options: EnterOptions): ImeEvent {
  switch (event.type) {
    case 'keydown': {
      const key = event as KeyboardEvent
      return {
        type: 'keydown',
        key: key.key,
        code: key.code,
        // oxlint-disable-next-line typescript/no-deprecated -- 229 is the only sign that an input method took the key
        keyCode: key.keyCode,
        isComposing: key.isComposing,
        repeat: key.repeat,
        meaning: meaningOf(key, options)
      }
    }
    case 'keyup':
      return { type: 'keyup', key: (event as KeyboardEvent).key, code: (event as KeyboardEvent).code }
    case 'compositionstart':
      return { type: 'compositionstart' }
    case 'compositionupdate':
    case 'compositionend':
      return { type: event.type, data: (event as CompositionEvent).data }
    case 'beforeinput':
      return { type: 'beforeinput', inputType: (event as InputEvent).inputType }
    case 'input':
      return { type: 'input', inputType: (event as InputEvent).inputType, data: (event as InputEvent).data }
    default:
      return { type: 'blur' }
  }
}
