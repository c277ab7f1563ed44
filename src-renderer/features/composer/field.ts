// What the text field is made to do: grow with its text, and take words at a place as if they were typed. Knows no room and no message.

/** More than this is more than eight lines in any width: such a text has no height to be measured, which would cost at every key. */
const MEASURED_CHARS = 4_000
/** From here on it has a font that is made of one file (composer.module.css). */
const HUGE_CHARS = 20_000

/** Where CSS can't let a field grow with its text, and where the text is so long that it need not. */
export function fitHeight(field: HTMLTextAreaElement): void {
  const chars = field.value.length
  const long = chars > MEASURED_CHARS
  const kind = !long ? undefined : chars > HUGE_CHARS ? 'huge' : 'long'
  if (kind !== field.dataset['long']) {
    if (kind) field.dataset['long'] = kind
    else delete field.dataset['long']
  }
  if (long || (typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content'))) {
    field.style.height = ''
    return
  }
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}

/** Puts `words` in the place of the text between two places, as one step that can be undone, and the caret behind it. Tells by an `input` event. */
export function putWords(field: HTMLTextAreaElement, from: number, to: number, words: string): void {
  field.focus()
  field.setSelectionRange(from, to)
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else keeps what the person can undo
  if (typeof document.execCommand === 'function' && document.execCommand('insertText', false, words)) return
  field.setRangeText(words, from, to, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: words }))
}
