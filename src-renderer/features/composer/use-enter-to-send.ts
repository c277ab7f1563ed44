// Feeds the events of a text field to the rules of Enter (ime.ts), and does what they say.
import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { IME_START, imeStep } from './ime.ts'
import type { ImeEvent } from './ime.ts'

/** Calls `send` once for each Enter that is meant to send. */
export function useEnterToSend(ref: RefObject<HTMLTextAreaElement | null>, send: () => Promise<void>): void {
  const latest = useRef(send)
  useEffect(() => {
    latest.current = send
  }, [send])

  useEffect(() => {
    const field = ref.current
    if (!field) return
    let state = IME_START
    const feed = (event: Event, seen: ImeEvent) => {
      const step = imeStep(state, seen)
      state = step.state
      if (step.prevent) event.preventDefault()
      if (step.send) void latest.current()
    }
    const onKeyDown = (event: KeyboardEvent) =>
      feed(event, {
        type: 'keydown',
        key: event.key,
        code: event.code,
        // oxlint-disable-next-line typescript/no-deprecated -- 229 is the only sign that an input method took the key
        keyCode: event.keyCode,
        isComposing: event.isComposing,
        repeat: event.repeat,
        modified: event.shiftKey || event.ctrlKey || event.altKey || event.metaKey
      })
    const onKeyUp = (event: KeyboardEvent) => feed(event, { type: 'keyup', key: event.key, code: event.code })
    const onStart = (event: CompositionEvent) => feed(event, { type: 'compositionstart' })
    const onUpdate = (event: CompositionEvent) => feed(event, { type: 'compositionupdate', data: event.data })
    const onEnd = (event: CompositionEvent) => feed(event, { type: 'compositionend', data: event.data })
    const onBeforeInput = (event: InputEvent) => feed(event, { type: 'beforeinput', inputType: event.inputType })
    const onBlur = (event: FocusEvent) => feed(event, { type: 'blur' })
    field.addEventListener('keydown', onKeyDown)
    field.addEventListener('keyup', onKeyUp)
    field.addEventListener('compositionstart', onStart)
    field.addEventListener('compositionupdate', onUpdate)
    field.addEventListener('compositionend', onEnd)
    field.addEventListener('beforeinput', onBeforeInput)
    field.addEventListener('blur', onBlur)
    return () => {
      field.removeEventListener('keydown', onKeyDown)
      field.removeEventListener('keyup', onKeyUp)
      field.removeEventListener('compositionstart', onStart)
      field.removeEventListener('compositionupdate', onUpdate)
      field.removeEventListener('compositionend', onEnd)
      field.removeEventListener('beforeinput', onBeforeInput)
      field.removeEventListener('blur', onBlur)
    }
  }, [ref])
}
