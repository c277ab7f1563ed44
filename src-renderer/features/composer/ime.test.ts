import { describe, expect, it } from 'vitest'
import { IME_START, imeStep } from './ime.ts'
import type { ImeEvent } from './ime.ts'

type Key = Partial<Extract<ImeEvent, { type: 'keydown' }>>

const down = (key: Key = {}): ImeEvent => ({
  type: 'keydown',
  key: 'Enter',
  code: 'Enter',
  keyCode: 13,
  isComposing: false,
  repeat: false,
  meaning: 'send',
  ...key
})
const composing = { keyCode: 229, isComposing: true }
const up: ImeEvent = { type: 'keyup', key: 'Enter', code: 'Enter' }
const start: ImeEvent = { type: 'compositionstart' }
const update = (data: string): ImeEvent => ({ type: 'compositionupdate', data })
const end = (data: string): ImeEvent => ({ type: 'compositionend', data })
const lineBreak: ImeEvent = { type: 'beforeinput', inputType: 'insertLineBreak' }
const letter = (key: string): ImeEvent => down({ key, code: 'KeyR', ...composing })

/** At which events of the trace the message goes, and which the browser is kept from. */
function run(trace: readonly ImeEvent[]) {
  let state = IME_START
  const sends: number[] = []
  const prevented: number[] = []
  trace.forEach((event, index) => {
    const step = imeStep(state, event)
    state = step.state
    if (step.send) sends.push(index)
    if (step.prevent) prevented.push(index)
  })
  return { sends, prevented }
}

const HANGUL = [letter('r'), start, update('ㄱ'), letter('m'), update('그'), letter('f'), update('글')]
const at = HANGUL.length

describe('imeStep, Hangul: one Enter, one message', () => {
  it('Chrome on Windows: keydown 229 "Process", compositionend, line break', () => {
    const { sends, prevented } = run([...HANGUL, down({ ...composing, key: 'Process' }), end('글'), lineBreak, up])
    expect(sends).toEqual([at + 1])
    expect(prevented).toEqual([at + 2])
  })

  it('Chrome on macOS: keydown 229, compositionend, a second keydown 13 of the same press', () => {
    const { sends, prevented } = run([...HANGUL, down(composing), end('글'), down(), lineBreak, up])
    expect(sends).toEqual([at + 1])
    expect(prevented).toEqual([at + 2, at + 3])
  })

  it('Firefox: keydown 229 "Process" composing, compositionend, keydown 13', () => {
    const { sends } = run([...HANGUL, down({ ...composing, key: 'Process' }), update('글'), end('글'), down(), up])
    expect(sends).toEqual([at + 2])
  })

  it('Safari: compositionend first, then keydown 229 that is not composing', () => {
    const { sends, prevented } = run([...HANGUL, end('글'), down({ keyCode: 229 }), lineBreak, up])
    expect(sends).toEqual([at + 1])
    expect(prevented).toEqual([at + 1, at + 2])
  })

  it('Safari with a second keydown 13 still sends once', () => {
    expect(run([...HANGUL, end('글'), down({ keyCode: 229 }), down(), up]).sends).toHaveLength(1)
  })

  it('Android: the keyboard ends the syllable by itself, then Enter is an ordinary one', () => {
    expect(run([start, update('글'), end('글'), down(), up]).sends).toEqual([3])
  })

  it('two messages, one Enter each', () => {
    const one = [...HANGUL, down(composing), end('글'), down(), up]
    expect(run([...one, ...one]).sends).toHaveLength(2)
  })

  it('a message after which the release of Enter was never told is followed by another one', () => {
    const lost = [...HANGUL, down(composing), end('글')]
    expect(run([...lost, ...HANGUL, down(composing), end('글'), up]).sends).toHaveLength(2)
    expect(run([...lost, { type: 'blur' }, down(), up]).sends).toHaveLength(2)
  })

  it('syllables that end because the next one begins send nothing', () => {
    expect(run([...HANGUL, end('글'), start, update('ㅇ'), end('이'), letter('d')]).sends).toEqual([])
  })

  it('Shift+Enter ends the syllable and breaks the line', () => {
    const { sends, prevented } = run([...HANGUL, down({ ...composing, meaning: 'break' }), end('글'), lineBreak, up])
    expect(sends).toEqual([])
    expect(prevented).toEqual([])
  })

  it('a cancelled syllable is not sent', () => {
    expect(run([...HANGUL, down(composing), end(''), up]).sends).toEqual([])
  })

  it('Enter on a Hanja candidate only picks', () => {
    expect(run([start, update('한'), update('漢'), down(composing), end('漢'), down(), up]).sends).toEqual([])
  })

  it('an Enter that was released before the syllable ended is forgotten', () => {
    expect(run([...HANGUL, down(composing), up, update('글'), end('글')]).sends).toEqual([])
  })
})

describe('imeStep, Japanese and Chinese: the Enter that picks only picks', () => {
  it('Chrome, Japanese', () => {
    const picked = [start, update('にほんご'), update('日本語'), down(composing), end('日本語'), up]
    expect(run(picked).sends).toEqual([])
    expect(run([...picked, down(), up]).sends).toEqual([picked.length])
  })

  it('Safari, Japanese: compositionend, then keydown 229', () => {
    const picked = [start, update('にほんご'), end('日本語'), down({ keyCode: 229 }), up]
    expect(run(picked).sends).toEqual([])
    expect(run([...picked, down(), up]).sends).toEqual([picked.length])
  })

  it('Chinese pinyin', () => {
    const picked = [start, update("ni'hao"), down({ ...composing, key: 'Process' }), end('nihao'), up]
    expect(run(picked).sends).toEqual([])
    expect(run([...picked, down(), up]).sends).toEqual([picked.length])
  })
})

describe('imeStep without an input method', () => {
  it('Enter sends and breaks no line', () => {
    expect(run([down(), up])).toEqual({ sends: [0], prevented: [0] })
  })

  it('Shift+Enter breaks the line', () => {
    expect(run([down({ meaning: 'break' }), lineBreak, up])).toEqual({ sends: [], prevented: [] })
  })

  it('a held Enter sends once', () => {
    const { sends, prevented } = run([down(), down({ repeat: true }), down({ repeat: true }), up])
    expect(sends).toEqual([0])
    expect(prevented).toEqual([0, 1, 2])
  })

  it('the Enter of the number pad sends too', () => {
    expect(run([down({ code: 'NumpadEnter' }), up]).sends).toEqual([0])
  })
})
