import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MAX_BODY_CHARS } from '../../protocol/limits.ts'
import { Composer } from '../features/composer/composer.tsx'
import type { ComposerTarget } from '../features/composer/target.ts'
import { en } from '../texts/en.ts'
import { fakeServices, inContext, ME, ROOM, show, timelineItem } from './fake-services.tsx'

/** What the words have been called since they were a draft. */
const ANY: unknown = expect.any(String)

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
const type = (value: string) => fireEvent.input(field(), { target: { value } })
const enter = (more: KeyboardEventInit = {}) => {
  const passed = fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', keyCode: 13, ...more })
  fireEvent.keyUp(field(), { key: 'Enter', code: 'Enter' })
  return passed
}

/** The simulated browser has no composition events of its own. */
const compose = (name: string, data: string) =>
  fireEvent(field(), Object.assign(new Event(name, { bubbles: true }), { data }))

function showComposer(fake = fakeServices(), target: ComposerTarget | null = null) {
  const onTargetDone = vi.fn<() => void>()
  const onEditLast = vi.fn<() => void>()
  const onResume = vi.fn<(target: ComposerTarget) => void>()
  const composer = (now: ComposerTarget | null) => (
    <Composer roomId={ROOM} target={now} onResume={onResume} onTargetDone={onTargetDone} onEditLast={onEditLast} />
  )
  const shown = show(composer(target), { services: fake.services })
  const retarget = (now: ComposerTarget | null) => shown.rerender(inContext(composer(now), { services: fake.services }))
  return { ...fake, ...shown, onTargetDone, onEditLast, onResume, retarget }
}

/** Whose messages are stored when it is said. */
function slowDevice() {
  const fake = fakeServices()
  const resolvers: ((id: string) => void)[] = []
  fake.commands.sendMessages.mockReturnValue(new Promise((resolve) => resolvers.push(resolve)))
  return { fake, stored: (id: string) => resolvers.forEach((resolve) => resolve(id)) }
}

describe('writing', () => {
  it('Enter sends once, clears the field and keeps the focus; Shift+Enter does not', async () => {
    const { commands } = showComposer()
    field().focus()
    type('hello\nthere')
    expect(enter({ shiftKey: true })).toBe(true)
    expect(commands.sendMessages).not.toHaveBeenCalled()
    expect(enter()).toBe(false)
    expect(commands.sendMessages.mock.calls).toEqual([
      [ROOM, [{ body: 'hello\nthere', mentions: [] }], { messageId: ANY }]
    ])
    expect(field().value).toBe('')
    expect(document.activeElement).toBe(field())
    await act(async () => undefined)
  })

  it('the button sends too; blank text is not sent', async () => {
    const { commands } = showComposer()
    type('  \n ')
    enter()
    expect(commands.sendMessages).not.toHaveBeenCalled()
    type('hello')
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    await waitFor(() => expect(commands.sendMessages).toHaveBeenCalledTimes(1))
  })

  it('composing Hangul, one Enter sends the whole text once', async () => {
    const { commands } = showComposer()
    compose('compositionstart', '')
    compose('compositionupdate', '글')
    type('한글')
    fireEvent.keyDown(field(), { key: 'Process', code: 'Enter', keyCode: 229, isComposing: true })
    expect(commands.sendMessages).not.toHaveBeenCalled()
    compose('compositionend', '글')
    expect(enter()).toBe(false)
    expect(commands.sendMessages.mock.calls).toEqual([[ROOM, [{ body: '한글', mentions: [] }], { messageId: ANY }]])
    await act(async () => undefined)
  })

  it('is composed text when it goes', async () => {
    const { commands } = showComposer()
    type('한글'.normalize('NFD'))
    enter()
    expect(commands.sendMessages.mock.calls).toEqual([
      [ROOM, [{ body: '한글'.normalize('NFC'), mentions: [] }], { messageId: ANY }]
    ])
    await act(async () => undefined)
  })

  it('a long text is set as a whole, which the browser lays out quickly, and can be undone and done again', async () => {
    const { commands } = showComposer()
    const put = (data: string) =>
      fireEvent(
        field(),
        new InputEvent('beforeinput', { bubbles: true, cancelable: true, inputType: 'insertFromPaste', data })
      )
    const key = (name: string, more: KeyboardEventInit = {}) =>
      fireEvent.keyDown(field(), { key: name, code: `Key${name.toUpperCase()}`, ctrlKey: true, ...more })
    const long = 'many words '.repeat(10_000)
    expect(put('short')).toBe(true)
    expect(field().value).toBe('')
    type('before after')
    field().setSelectionRange(7, 7)
    expect(put(long)).toBe(false)
    expect(field().value).toBe(`before ${long}after`)
    expect(field().selectionStart).toBe(7 + long.length)
    expect(screen.getByText(en.composer.overLimit(12 + long.length - MAX_BODY_CHARS, MAX_BODY_CHARS))).toBeTruthy()
    expect(key('z')).toBe(false)
    expect([field().value, field().selectionStart]).toEqual(['before after', 7])
    expect(field().dataset['long']).toBeUndefined()
    expect(key('z', { shiftKey: true })).toBe(false)
    expect(field().value).toHaveLength(12 + long.length)
    expect(field().dataset['long']).toBe('huge')
    type(`${field().value}!`)
    expect(key('z')).toBe(true)
    await waitFor(() => expect(commands.saveDraft).toHaveBeenCalledWith(ROOM, `before ${long}after!`, ANY))
  })

  it('too long a text is told and kept, never cut and never sent', () => {
    const { commands } = showComposer()
    type('a'.repeat(MAX_BODY_CHARS - 12))
    expect(screen.getByText('12 characters left')).toBeTruthy()
    const long = 'a'.repeat(MAX_BODY_CHARS + 3)
    type(long)
    expect(screen.getByText(en.composer.overLimit(3, MAX_BODY_CHARS))).toBeTruthy()
    enter()
    expect(commands.sendMessages).not.toHaveBeenCalled()
    expect(field().value).toBe(long)
    expect(field().disabled).toBe(false)
  })

  it('what could not be stored comes back, before what was typed since', async () => {
    const fake = fakeServices()
    let fail: (error: Error) => void = () => undefined
    fake.commands.sendMessages.mockReturnValue(
      new Promise((_resolve, reject) => {
        fail = reject
      })
    )
    showComposer(fake)
    type('first')
    enter()
    type('second')
    await act(async () => fail(new Error('disk full')))
    expect(field().value).toBe('first\nsecond')
    expect(screen.getByText(en.composer.failed)).toBeTruthy()
    expect(fake.drafts.get(ROOM)).toBe('first\nsecond')
  })
})

describe('an answer', () => {
  const target = { kind: 'reply', item: timelineItem({ id: 'message-7', body: 'who brings the rice?' }) } as const

  it('says whom it answers, carries the id, and ends with the sending', async () => {
    const { commands, onTargetDone } = showComposer(fakeServices(), target)
    expect(screen.getByText('Reply to Jiwoo')).toBeTruthy()
    expect(screen.getByText('who brings the rice?')).toBeTruthy()
    type('I do')
    enter()
    expect(commands.sendMessages.mock.calls).toEqual([
      [ROOM, [{ body: 'I do', mentions: [] }], { replyTo: 'message-7', messageId: ANY }]
    ])
    expect(onTargetDone).toHaveBeenCalledTimes(1)
    await act(async () => undefined)
  })

  it('is given up by Esc and by its button, and the words stay', () => {
    const { onTargetDone } = showComposer(fakeServices(), target)
    type('I do')
    fireEvent.keyDown(field(), { key: 'Escape' })
    fireEvent.click(screen.getByRole('button', { name: 'Cancel reply' }))
    expect(onTargetDone).toHaveBeenCalledTimes(2)
    expect(field().value).toBe('I do')
  })
})

describe('an edit', () => {
  const item = timelineItem({ id: 'message-7', authorId: ME, own: true, body: 'see you at sx' })
  const target = { kind: 'edit', item } as const

  it('begins with the message, keeps the draft aside, and gives it back', async () => {
    const shown = showComposer()
    type('half a thought')
    shown.retarget(target)
    expect(field().value).toBe('see you at sx')
    type('see you at six')
    enter()
    expect(shown.commands.editMessage.mock.calls).toEqual([[ROOM, 'message-7', 'see you at six', {}]])
    expect(shown.commands.sendMessages).not.toHaveBeenCalled()
    expect(shown.onTargetDone).toHaveBeenCalledTimes(1)
    expect(field().value).toBe('half a thought')
    shown.retarget(null)
    expect(field().value).toBe('half a thought')
    await act(async () => undefined)
  })

  it('to the same text changes nothing', () => {
    const { commands, onTargetDone } = showComposer(fakeServices(), target)
    enter()
    expect(commands.editMessage).not.toHaveBeenCalled()
    expect(onTargetDone).toHaveBeenCalledTimes(1)
  })

  it('that could not be stored stays in the field and says so', async () => {
    const fake = fakeServices()
    fake.commands.editMessage.mockRejectedValue(new Error('disk full'))
    const shown = showComposer(fake, target)
    type('see you at six')
    enter()
    shown.retarget(null)
    await waitFor(() => expect(screen.getByText(en.composer.failed)).toBeTruthy())
    expect(field().value).toBe('see you at six')
  })

  it('never becomes the draft of the room', () => {
    const fake = fakeServices()
    const { unmount } = showComposer(fake, target)
    type('see you at six')
    unmount()
    expect(fake.drafts.get(ROOM)).toBeUndefined()
  })

  it('of the last own message is asked for by Up in an empty field only', () => {
    const { onEditLast } = showComposer()
    fireEvent.keyDown(field(), { key: 'ArrowUp' })
    expect(onEditLast).toHaveBeenCalledTimes(1)
    type('a')
    fireEvent.keyDown(field(), { key: 'ArrowUp' })
    type('')
    fireEvent.keyDown(field(), { key: 'ArrowUp', shiftKey: true })
    expect(onEditLast).toHaveBeenCalledTimes(1)
  })

  it('takes back the words of a message that fails meanwhile into the draft, not into the edit', async () => {
    const fake = fakeServices()
    let fail: (error: Error) => void = () => undefined
    fake.commands.sendMessages.mockReturnValue(
      new Promise((_resolve, reject) => {
        fail = reject
      })
    )
    const shown = showComposer(fake)
    type('precious')
    enter()
    shown.retarget(target)
    await act(async () => fail(new Error('disk full')))
    expect(field().value).toBe('see you at sx')
    shown.retarget(null)
    expect(field().value).toBe('precious')
    expect(fake.drafts.get(ROOM)).toBe('precious')
  })

  it('what is edited is deleted meanwhile: the new words are given back beside the draft, and sent by nobody', async () => {
    const fake = fakeServices()
    fake.commands.editMessage.mockRejectedValue({ code: 'message-deleted' })
    const shown = showComposer(fake)
    type('a draft')
    const mine = timelineItem({ authorId: ME, own: true, body: 'see you at sx' })
    shown.retarget({ kind: 'edit', item: mine })
    type('see you at six')
    shown.retarget({ kind: 'edit', item: { ...mine, body: '', deletedAt: '2026-02-10T06:06:00.000Z' } })
    expect(screen.getByText(en.timeline.deleted)).toBeTruthy()
    expect(field().value).toBe('see you at six')
    enter()
    shown.retarget(null)
    await waitFor(() => expect(field().value).toBe('see you at six\na draft'))
    expect(screen.getByText(en.composer.editedDeleted)).toBeTruthy()
    expect(fake.commands.sendMessages).not.toHaveBeenCalled()
    await waitFor(() => expect(fake.drafts.get(ROOM)).toBe('see you at six\na draft'))
  })

  it('an edit that changes nothing does not undo the edit of another device', () => {
    const shown = showComposer()
    const mine = timelineItem({ authorId: ME, own: true, body: 'one' })
    shown.retarget({ kind: 'edit', item: mine })
    shown.retarget({ kind: 'edit', item: { ...mine, body: 'changed elsewhere' } })
    expect(field().value).toBe('one')
    enter()
    expect(shown.commands.editMessage).not.toHaveBeenCalled()
    expect(shown.onTargetDone).toHaveBeenCalledTimes(1)
  })

  it('Esc and Up of an input method are not ours, in Safari too', () => {
    const shown = showComposer()
    fireEvent.keyDown(field(), { key: 'ArrowUp', keyCode: 229 })
    expect(shown.onEditLast).not.toHaveBeenCalled()
    shown.retarget({ kind: 'reply', item: timelineItem() })
    fireEvent.keyDown(field(), { key: 'Escape', keyCode: 229 })
    fireEvent.keyDown(field(), { key: 'Escape', keyCode: 229, isComposing: true })
    expect(shown.onTargetDone).not.toHaveBeenCalled()
    fireEvent.keyDown(field(), { key: 'Escape', keyCode: 27 })
    expect(shown.onTargetDone).toHaveBeenCalledTimes(1)
  })

  it('the way out of an answer leads back to the field, and a deleted message is not quoted above it', () => {
    const answered = timelineItem({ body: 'secret' })
    const shown = showComposer()
    shown.retarget({ kind: 'reply', item: answered })
    expect(screen.getByText('secret')).toBeTruthy()
    shown.retarget({ kind: 'reply', item: { ...answered, body: '', deletedAt: '2026-02-10T06:06:00.000Z' } })
    expect(screen.getByText(en.timeline.deleted)).toBeTruthy()
    const cancel = screen.getByRole('button', { name: en.composer.cancelReply })
    cancel.focus()
    fireEvent.click(cancel)
    expect(shown.onTargetDone).toHaveBeenCalledTimes(1)
    expect(document.activeElement).toBe(field())
  })

  it('a draft that comes late, while a message is edited, is there afterwards', async () => {
    const fake = fakeServices()
    fake.drafts.set(ROOM, 'old')
    const mine = timelineItem({ authorId: ME, own: true, body: 'one' })
    const shown = showComposer(fake, { kind: 'edit', item: mine })
    await act(async () => undefined)
    expect(field().value).toBe('one')
    shown.retarget(null)
    expect(field().value).toBe('old')
  })
})

describe('a text that is too long', () => {
  const paragraph = (sign: string) => sign.repeat(MAX_BODY_CHARS - 10)
  const long = ['가', '나', '다'].map(paragraph).join('\n\n')
  const inPieces = () => screen.getByRole('button', { name: en.composer.sendInPieces(3) })

  it('goes in pieces and in order, the first of them as the answer, under the name of the draft', async () => {
    const target = { kind: 'reply', item: timelineItem({ id: 'message-7' }) } as const
    const { commands, onTargetDone } = showComposer(fakeServices(), target)
    type(long)
    fireEvent.click(inPieces())
    expect(field().value).toBe('')
    expect(
      commands.sendMessages.mock.calls.map(([, words, options]) => [words.map(({ body }) => body[0]), options])
    ).toEqual([[['가', '나', '다'], { replyTo: 'message-7', messageId: ANY }]])
    expect(onTargetDone).toHaveBeenCalledTimes(1)
    await act(async () => undefined)
  })

  it('that could not be stored comes back as a whole', async () => {
    const fake = fakeServices()
    fake.commands.sendMessages.mockRejectedValueOnce(new Error('disk full'))
    showComposer(fake)
    type(long)
    fireEvent.click(inPieces())
    await waitFor(() => expect(field().value).toBe(long))
    expect(fake.drafts.get(ROOM)).toBe(field().value)
  })

  it('stays one where it is the new text of a message', () => {
    const item = timelineItem({ id: 'message-7', authorId: ME, own: true, body: 'x' })
    showComposer(fakeServices(), { kind: 'edit', item })
    type(long)
    expect(screen.queryByRole('button', { name: /^Send as/ })).toBe(null)
    expect(screen.getByText(en.composer.overLimit(long.length - MAX_BODY_CHARS, MAX_BODY_CHARS))).toBeTruthy()
  })
})

describe('mentions', () => {
  const members = [ME, 'user-jiwoo'].map((userId) => ({ userId, role: 'member', joinedAt: null }) as const)
  const list = () => screen.queryByRole('listbox', { name: en.composer.people })

  it('are completed by Enter, which then sends nothing, and are told with the message', async () => {
    const fake = fakeServices()
    fake.members.next(members)
    const { commands } = showComposer(fake)
    type('@ji')
    expect(list()?.textContent).toContain('Jiwoo')
    expect(screen.getByLabelText('Message').getAttribute('aria-expanded')).toBe('true')
    const there = screen.getByLabelText<HTMLTextAreaElement>('Message')
    fireEvent.keyDown(there, { key: 'Enter', code: 'Enter', keyCode: 13 })
    fireEvent.keyUp(there, { key: 'Enter', code: 'Enter' })
    expect(commands.sendMessages).not.toHaveBeenCalled()
    expect(field().value).toBe('@Jiwoo ')
    expect(list()).toBe(null)
    enter()
    expect(commands.sendMessages.mock.calls).toEqual([
      [ROOM, [{ body: '@Jiwoo ', mentions: ['user-jiwoo'] }], { messageId: ANY }]
    ])
    await act(async () => undefined)
  })

  it('Esc closes the list for this name and leaves an answer alone', () => {
    const fake = fakeServices()
    fake.members.next(members)
    const { onTargetDone } = showComposer(fake, { kind: 'reply', item: timelineItem() })
    type('@')
    expect(list()).not.toBe(null)
    fireEvent.keyDown(screen.getByLabelText('Message'), { key: 'Escape' })
    expect(list()).toBe(null)
    expect(onTargetDone).not.toHaveBeenCalled()
    type('@j')
    expect(list()).toBe(null)
    fireEvent.keyDown(field(), { key: 'Escape' })
    expect(onTargetDone).toHaveBeenCalledTimes(1)
  })

  it('are said anew with an edit', async () => {
    const fake = fakeServices()
    fake.members.next(members)
    const item = timelineItem({ id: 'message-7', authorId: ME, own: true, body: 'hello' })
    const { commands } = showComposer(fake, { kind: 'edit', item })
    type('@Jiwoo hello')
    fireEvent.click(screen.getByRole('button', { name: en.composer.saveEdit }))
    expect(commands.editMessage.mock.calls).toEqual([[ROOM, 'message-7', '@Jiwoo hello', { mentions: ['user-jiwoo'] }]])
    await act(async () => undefined)
  })
})

describe('an unfinished edit', () => {
  const item = timelineItem({ id: 'message-7', authorId: ME, own: true, body: 'see you at sx' })

  it('is kept when the room is left, and asks to come back when it is opened again', async () => {
    const fake = fakeServices()
    fake.drafts.set(ROOM, 'half a thought')
    const first = showComposer(fake, { kind: 'edit', item })
    type('see you at si')
    first.unmount()
    expect(fake.edits.get(ROOM)).toEqual({ messageId: 'message-7', base: 'see you at sx', text: 'see you at si' })
    const again = showComposer(fake)
    await waitFor(() => expect(again.onResume).toHaveBeenCalledTimes(1))
    const resumed = again.onResume.mock.calls[0]?.[0]
    expect(resumed).toMatchObject({ kind: 'edit', item: { id: 'message-7', body: 'see you at sx' } })
    again.retarget(resumed ?? null)
    expect(field().value).toBe('see you at si')
    enter()
    again.retarget(null)
    await waitFor(() => expect(fake.edits.has(ROOM)).toBe(false))
    expect(again.commands.editMessage).toHaveBeenCalledTimes(1)
    expect(field().value).toBe('half a thought')
  })

  it('is forgotten when it is given up, or changes nothing', async () => {
    const fake = fakeServices()
    const shown = showComposer(fake, { kind: 'edit', item })
    type('other words')
    shown.retarget(null)
    shown.unmount()
    await act(async () => undefined)
    expect(fake.edits.has(ROOM)).toBe(false)
    showComposer(fake, { kind: 'edit', item }).unmount()
    await act(async () => undefined)
    expect(fake.edits.has(ROOM)).toBe(false)
  })
})

describe('drafts', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const settle = () => act(async () => vi.advanceTimersByTimeAsync(0))

  it('are saved within 250 ms of a keystroke, even while typing goes on', () => {
    const { drafts } = showComposer()
    for (let ms = 0, text = 'a'; ms < 250; ms += 50, text += 'a') {
      type(text)
      vi.advanceTimersByTime(50)
    }
    expect(drafts.get(ROOM)).toBe('aaa')
    vi.advanceTimersByTime(200)
    expect(drafts.get(ROOM)).toBe('aaaaa')
  })

  it('are saved at once when the page goes', () => {
    const { drafts } = showComposer()
    type('last words')
    window.dispatchEvent(new Event('pagehide'))
    expect(drafts.get(ROOM)).toBe('last words')
  })

  it('are saved when the room is left, and are there when it is opened again', async () => {
    const fake = fakeServices()
    const { unmount } = showComposer(fake)
    type('half a thought')
    unmount()
    expect(fake.drafts.get(ROOM)).toBe('half a thought')
    showComposer(fake)
    await settle()
    expect(field().value).toBe('half a thought')
  })

  it('never come in over what is being typed', async () => {
    const fake = fakeServices()
    fake.drafts.set(ROOM, 'old')
    showComposer(fake)
    type('new')
    await settle()
    expect(field().value).toBe('new')
  })

  it('go only when the message is stored', async () => {
    const { fake, stored } = slowDevice()
    showComposer(fake)
    type('hello')
    vi.advanceTimersByTime(250)
    enter()
    vi.advanceTimersByTime(1000)
    expect(fake.drafts.get(ROOM)).toBe('hello')
    await act(async () => stored('message-new'))
    expect(fake.drafts.get(ROOM)).toBe('')
  })

  it('are called as their message will be, also while that is on its way; what is written next is another', async () => {
    const { fake, stored } = slowDevice()
    showComposer(fake)
    const saved = () => fake.commands.saveDraft.mock.calls.map(([, text, id]) => [text, id])
    type('hello')
    vi.advanceTimersByTime(250)
    type('hello you')
    enter()
    const messageId = fake.commands.sendMessages.mock.calls[0]?.[2]?.messageId
    expect(messageId).toEqual(ANY)
    vi.advanceTimersByTime(250)
    expect(saved()).toEqual([
      ['hello', messageId],
      ['hello you', messageId]
    ])
    type('next')
    vi.advanceTimersByTime(250)
    // Nobody knows yet whether the first ones are stored.
    expect(saved()[2]).toEqual(['hello you\nnext', undefined])
    await act(async () => stored('message-new'))
    expect(saved()[3]).toEqual(['next', ANY])
    expect(saved()[3]?.[1]).not.toBe(messageId)
  })

  it('that are the same again are another draft, saved under another name', async () => {
    const { fake, stored } = slowDevice()
    showComposer(fake)
    type('ok')
    vi.advanceTimersByTime(250)
    enter()
    type('ok')
    await act(async () => stored('message-new'))
    const [, ...later] = fake.commands.saveDraft.mock.calls
    expect(later.at(-1)).toEqual([ROOM, 'ok', ANY])
    expect(later.at(-1)?.[2]).not.toBe(fake.commands.sendMessages.mock.calls[0]?.[2]?.messageId)
  })

  it('survive when the room is left while its message could not be stored', async () => {
    const fake = fakeServices()
    let fail: (error: Error) => void = () => undefined
    fake.commands.sendMessages.mockReturnValue(
      new Promise((_resolve, reject) => {
        fail = reject
      })
    )
    const { unmount } = showComposer(fake)
    type('precious')
    enter()
    unmount()
    await act(async () => fail(new Error('disk full')))
    expect(fake.drafts.get(ROOM)).toBe('precious')
  })

  it('that could not be saved are saved with the next keystroke', async () => {
    const fake = fakeServices()
    fake.commands.saveDraft.mockRejectedValueOnce(new Error('busy'))
    showComposer(fake)
    type('a')
    await act(async () => vi.advanceTimersByTimeAsync(200))
    expect(fake.drafts.get(ROOM)).toBeUndefined()
    type('a')
    await act(async () => vi.advanceTimersByTimeAsync(200))
    expect(fake.drafts.get(ROOM)).toBe('a')
  })
})
