// Recorded orders of events, played into the real composer: one message for each Enter that is meant to send, and every syllable in it.
import { act, fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { Composer } from '../features/composer/composer.tsx'
import { ONE_ENTER_ONE_MESSAGE, OTHER_WAYS_OUT, PICKS_ONLY } from '../features/composer/testing/ime-traces.ts'
import type { Trace, TraceEvent } from '../features/composer/testing/ime-traces.ts'
import { savePreferences } from '../platform/preferences.ts'
import { fakeServices, ROOM, show } from './fake-services.tsx'

const nothing = () => undefined
const field = () => screen.getByLabelText<HTMLTextAreaElement>('Message')

/** Does to the field what the browser does between the events: the text of the composition, and line breaks that nobody prevents. */
class Replay {
  /** Where the composition is in the text. */
  #composed: [from: number, to: number] | null = null
  #prevented = false

  play(events: readonly TraceEvent[]): void {
    for (const event of events) this.#step(event)
  }

  #step(event: TraceEvent): void {
    switch (event.type) {
      case 'keydown': {
        const { type, isComposing = false, shiftKey = false, repeat = false, ...rest } = event
        const passed = fireEvent(
          field(),
          Object.assign(
            new KeyboardEvent(type, { bubbles: true, cancelable: true, isComposing, shiftKey, repeat, ...rest })
          )
        )
        // What the input method has taken cannot be prevented any more.
        this.#prevented = !passed && event.keyCode !== 229
        return
      }
      case 'keyup': {
        fireEvent.keyUp(field(), event)
        this.#prevented = false
        return
      }
      case 'compositionstart':
        this.#composed = [field().value.length, field().value.length]
        this.#tell(event.type, { data: event.data })
        return
      case 'compositionupdate':
        this.#tell(event.type, { data: event.data })
        return
      case 'compositionend':
        this.#composed = null
        this.#tell(event.type, { data: event.data })
        return
      case 'beforeinput':
        if (this.#prevented) return
        if (!this.#tell(event.type, { inputType: event.inputType, data: event.data })) this.#prevented = true
        return
      case 'input':
        if (this.#prevented) {
          this.#prevented = false
          return
        }
        this.#change(event.inputType, event.data)
        this.#tell(event.type, { inputType: event.inputType, data: event.data })
        return
      case 'blur':
        fireEvent.blur(field())
        return
      case 'click-send':
        fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    }
  }

  #change(inputType: string, data: string | null): void {
    const { value } = field()
    if (inputType === 'insertLineBreak') this.#set(`${value}\n`)
    else if (inputType === 'deleteContentBackward') this.#set(value.slice(0, -1))
    else if (inputType === 'insertText') this.#set(value + (data ?? ''))
    else if (this.#composed) {
      const [from, to] = this.#composed
      this.#set(value.slice(0, from) + (data ?? '') + value.slice(to))
      this.#composed = [from, from + (data ?? '').length]
    }
  }

  #set(value: string): void {
    field().value = value
    field().setSelectionRange(value.length, value.length)
  }

  /** The simulated browser has no such events of its own. */
  #tell(type: string, data: object): boolean {
    return fireEvent(field(), Object.assign(new Event(type, { bubbles: true, cancelable: true }), data))
  }
}

async function replay({ events, sends, leaves }: Trace) {
  const { services, commands } = fakeServices()
  show(<Composer roomId={ROOM} target={null} onResume={nothing} onTargetDone={nothing} onEditLast={nothing} />, {
    services
  })
  new Replay().play(events)
  expect(commands.sendMessages.mock.calls.flatMap(([, words]) => words.map(({ body }) => body))).toEqual(sends)
  expect(field().value).toBe(leaves)
  await act(async () => undefined)
  expect(commands.sendMessages).toHaveBeenCalledTimes(sends.length)
}

beforeEach(() => window.localStorage.clear())

describe('Hangul: one Enter, one message', () => {
  it.each(ONE_ENTER_ONE_MESSAGE)('$name', replay)
})

describe('Japanese and Chinese: the Enter that picks only picks', () => {
  it.each(PICKS_ONLY)('$name', replay)
})

describe('other ways out of a composition', () => {
  it.each(OTHER_WAYS_OUT)('$name', replay)
})

describe('where Enter breaks the line and Shift+Enter sends', () => {
  beforeEach(() => {
    const rest = {
      theme: 'system',
      language: 'system',
      textSize: 100,
      density: 'comfortable',
      contrast: 'system'
    } as const
    savePreferences(window.localStorage, { ...rest, enterSends: 'shift-enter' })
  })

  const withShift = ONE_ENTER_ONE_MESSAGE.slice(0, 5).map((trace) => shifted(trace, true))
  it.each(withShift)('with Shift: $name', replay)

  const without = OTHER_WAYS_OUT.slice(0, 2).map((trace) => shifted(trace, false))
  it.each(without)('without: $name', replay)
})

/** The same with Shift held, or not held, at each Enter. */
function shifted({ events, ...rest }: Trace, shiftKey: boolean): Trace {
  const changed = events.map((event) =>
    event.type === 'keydown' && event.code === 'Enter' ? { ...event, shiftKey } : event
  )
  return { ...rest, events: changed }
}
