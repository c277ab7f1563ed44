// Decides which Enter sends, fed with the events of the text field as they come. Pure: knows no field and no text.
//
// Composing Hangul, one Enter both ends the syllable and sends: it is remembered, and the message goes at `compositionend`, once.
// In Japanese and Chinese the Enter that picks a candidate only picks. Browsers differ in what they tell:
// - Chrome and Firefox: keydown (229, composing), compositionend, and on macOS a second keydown (13) of the same press.
// - Safari: compositionend first, then keydown (229, not composing).
// - Windows gives `key: "Process"`, so the key is told by its `code`.
// - Input methods of Linux may take the syllable away, end empty, and put it in as ordinary text.

export type ImeEvent =
  | {
      type: 'keydown'
      key: string
      code: string
      keyCode: number
      isComposing: boolean
      repeat: boolean
      /** What this Enter would do without an input method: by the keys held with it and the person's setting. */
      meaning: EnterMeaning
    }
  | { type: 'keyup'; key: string; code: string }
  | { type: 'compositionstart' }
  | { type: 'compositionupdate'; data: string }
  | { type: 'compositionend'; data: string }
  | { type: 'beforeinput'; inputType: string }
  | { type: 'input'; inputType: string; data: string | null }
  | { type: 'blur' }

/** `break`: a new line, or whatever else the browser makes of it. */
export type EnterMeaning = 'send' | 'break'

export interface ImeState {
  composing: boolean
  /** What is being composed. */
  data: string
  /** What was composed last, while no key event has come since: in Safari the key that ended it comes now. */
  justEnded: string | null
  /**
   * The press of Enter that is going on. `remembered`: sends when the syllable is done. `echoing`: has had its effect, and a second keydown
   * of it may come. `held`: has had its effect; only its repetitions may come.
   */
  enter: 'none' | 'remembered' | 'echoing' | 'held'
}

export interface ImeStep {
  state: ImeState
  /** Send what is in the field now. */
  send: boolean
  /** Keep the browser from its own effect, a line break. */
  prevent: boolean
}

export const IME_START: ImeState = { composing: false, data: '', justEnded: null, enter: 'none' }

/** A key that the input method took. */
const TAKEN_BY_IME = 229

const HANGUL_AT_END = /[\p{Script=Hangul}]$/u

const isEnter = (event: { key: string; code: string }) =>
  event.key === 'Enter' || event.code === 'Enter' || event.code === 'NumpadEnter'

const isHangul = (text: string | null) => text !== null && HANGUL_AT_END.test(text)

/** One event further. */
export function imeStep(state: ImeState, event: ImeEvent): ImeStep {
  switch (event.type) {
    case 'keydown':
      return keyDown({ ...state, justEnded: null }, event, state.justEnded)
    case 'keyup':
      return quiet({ ...state, justEnded: null, enter: isEnter(event) ? 'none' : state.enter })
    case 'compositionstart':
      return quiet({ composing: true, data: '', justEnded: null, enter: 'none' })
    case 'compositionupdate':
      return quiet({ ...state, data: event.data })
    case 'compositionend':
      return compositionEnd(state, event.data)
    case 'beforeinput': {
      const breaksLine = event.inputType === 'insertLineBreak' || event.inputType === 'insertParagraph'
      return { state, send: false, prevent: breaksLine && state.enter !== 'none' }
    }
    case 'input':
      return textCame(state, event)
    case 'blur':
      return quiet({ ...state, justEnded: null, enter: 'none' })
  }
}

function keyDown(state: ImeState, event: ImeEvent & { type: 'keydown' }, justEnded: string | null): ImeStep {
  if (!isEnter(event) || event.meaning === 'break') return quiet({ ...state, enter: 'none' })
  if (event.repeat) return { state, send: false, prevent: true }
  if (state.composing || event.isComposing) {
    return quiet({ ...state, enter: isHangul(state.data) ? 'remembered' : 'echoing' })
  }
  if (state.enter === 'echoing') return { state: { ...state, enter: 'held' }, send: false, prevent: true }
  if (event.keyCode === TAKEN_BY_IME) {
    const send = isHangul(justEnded)
    return { state: { ...state, enter: 'echoing' }, send, prevent: send }
  }
  return { state: { ...state, enter: 'held' }, send: true, prevent: true }
}

function compositionEnd(state: ImeState, data: string): ImeStep {
  const next: ImeState = { ...state, composing: false, data: '', justEnded: data }
  // After an empty end the syllable may still come, as text; if it was cancelled, nothing does, and the release forgets the Enter.
  if (state.enter !== 'remembered' || data === '') return quiet(next)
  // Another script is a Hanja candidate that Enter picked.
  return { state: { ...next, enter: 'echoing' }, send: isHangul(data), prevent: false }
}

function textCame(state: ImeState, { inputType, data }: ImeEvent & { type: 'input' }): ImeStep {
  const isSyllable = state.enter === 'remembered' && !state.composing && inputType === 'insertText' && isHangul(data)
  return isSyllable ? { state: { ...state, enter: 'echoing' }, send: true, prevent: false } : quiet(state)
}

function quiet(state: ImeState): ImeStep {
  return { state, send: false, prevent: false }
}
