import { describe, expect, it } from 'vitest'
import { ko } from '../texts/ko.ts'
import { GATHER_MS, ROOM_RESTS_MS, STEP_PATIENCE_MS } from './start-notifying.ts'
import { notifyingDevice } from './testing/device.ts'
import { ALERT_AGAIN_MS, MORE_TAG, MOST_ROOMS } from './told.ts'

async function device(options?: Parameters<typeof notifyingDevice>[0]) {
  const made = notifyingDevice(options)
  made.news.room('hall')
  await made.begin()
  return made
}

describe('once each', () => {
  it('a message is notified, once, with who and what, and leads to it', async () => {
    const { news, shown, sounds, passes } = await device()
    news.say('hall', '안녕하세요')
    await passes()
    expect(sounds()).toBe(0)
    expect(shown).toMatchObject([
      { tag: 'hall', title: 'hall', body: '미나: 안녕하세요', place: { roomId: 'hall', seq: 1 }, count: 1, alert: true }
    ])
    await passes(600_000)
    expect(shown).toHaveLength(1)
  })

  it('what comes again (records applied anew, a reconnect) is not notified again', async () => {
    const { news, shown, passes, inStep } = await device()
    news.say('hall', 'one')
    await passes()
    inStep.next(false)
    for (let again = 0; again < 3; again++) news.touch('hall')
    await passes()
    inStep.next(true)
    await passes()
    expect(shown).toHaveLength(1)
  })

  it('a restart notifies nothing again, and what came meanwhile once', async () => {
    const { news, shown, passes, restart, stop } = await device()
    news.say('hall', 'before')
    await passes()
    stop()
    news.say('hall', 'while it was closed')
    await restart()
    await restart()
    expect(shown.map(({ body }) => body)).toEqual(['미나: before', '새 메시지 2개\n미나: while it was closed'])
  })

  it('two windows that both believe to lead notify once', async () => {
    const { news, shown, passes, start } = await device()
    start()
    news.say('hall', 'one')
    await passes()
    expect(shown).toHaveLength(1)
  })

  it('of what another window has told in the same moment, only the rest is told', async () => {
    const { news, shown, passes } = await device()
    const [first, second] = [news.say('hall', 'one'), news.say('hall', 'two')]
    news.interfere(() => void news.store.advance([{ roomId: 'hall', from: 0, head: first.seq }]))
    await passes()
    expect(shown.map(({ count, body }) => [count, body])).toEqual([[1, '미나: two']])
    news.say('hall', 'three')
    news.interfere(() => void news.store.advance([{ roomId: 'hall', from: second.seq, head: second.seq + 1 }]))
    await passes()
    expect(shown).toHaveLength(1)
  })

  it('the mark is on the disk before anything is shown: a store that fails shows nothing, and is tried again', async () => {
    const { news, shown, problems, passes } = await device()
    news.failNext('advance')
    news.say('hall', 'one')
    await passes(GATHER_MS)
    expect([shown.length, problems.length]).toEqual([0, 1])
    await passes()
    expect(shown).toHaveLength(1)
    news.failNext('look')
    news.say('hall', 'two')
    await passes()
    expect(shown.at(-1)?.body).toContain('two')
  })
})

describe('after a restart', () => {
  it('rooms are looked at in which something was said meanwhile, and no others', async () => {
    const { news, shown, restart, stop } = await device()
    news.room('quiet')
    await news.store.advance([{ roomId: 'quiet', from: 0, head: 0 }])
    stop()
    news.say('hall', 'while it was closed')
    const before = news.looks.length
    await restart()
    expect(shown.map(({ body }) => body)).toEqual(['미나: while it was closed'])
    expect(news.looks[before]).toEqual(['hall'])
  })
})

describe('nothing old', () => {
  it('a new device notifies nothing of what is there, not before it is in step either', async () => {
    const made = await device({ fresh: true })
    const { news, inStep, shown, passes } = made
    inStep.next(false)
    await passes()
    const other = notifyingDevice({ fresh: true })
    other.inStep.next(false)
    other.news.room('hall')
    await other.begin()
    for (let at = 0; at < 5; at++) other.news.say('hall', 'old')
    await other.passes()
    other.inStep.next(true)
    await other.passes()
    expect(other.shown).toEqual([])
    other.news.say('hall', 'new')
    await other.passes()
    expect(other.shown.map(({ body }) => body)).toEqual(['미나: new'])
    expect([news.looks.length, shown.length]).toEqual([0, 0])
  })

  it('what was said before one joined a room is not notified', async () => {
    const { news, shown, passes } = await device()
    news.room('old hall', { joinedSeq: 40, head: 40 })
    news.touch('old hall')
    await passes()
    expect(shown).toEqual([])
    news.say('old hall', 'welcome')
    await passes()
    expect(shown.map(({ body }) => body)).toEqual(['미나: welcome'])
  })

  it('history that comes by pages has seqs below the mark, and is not notified', async () => {
    const { news, shown, passes } = await device()
    news.room('archive', { head: 500 })
    await news.store.advance([{ roomId: 'archive', from: 0, head: 500 }])
    news.touch('archive')
    await passes()
    expect(shown).toEqual([])
  })
})

describe('what is not notified', () => {
  it.each([
    ['own messages of other devices', { own: true }],
    ['system lines', { kind: 'system' as const }],
    ['tombstones', { deleted: true }],
    ['[S11.8] people who are blocked, their mentions too', { blocked: true, mentionsMe: true }]
  ])('%s', async (_what, more) => {
    const { news, shown, passes } = await device()
    news.say('hall', 'text', more)
    await passes()
    expect(shown).toEqual([])
    expect(news.mark('hall')).toBe(1)
  })

  it('[S12] what was read already', async () => {
    const { news, shown, passes } = await device()
    news.say('hall', 'one')
    news.read('hall')
    await passes()
    expect(shown).toEqual([])
  })

  it('what is on the screen; and it does not come later either', async () => {
    const { news, shown, looking, passes, restart } = await device()
    looking.add('hall')
    news.say('hall', 'one')
    await passes()
    looking.clear()
    await restart()
    expect(shown).toEqual([])
  })

  it('rooms that one has left', async () => {
    const { news, shown, passes } = await device()
    news.change('hall', { joined: false })
    news.say('hall', 'one')
    await passes()
    expect(shown).toEqual([])
  })

  it.each([
    ['switched off', { on: false }],
    ['at hours in which nothing is to be told', { quiet: { on: true, from: '11:00', to: '13:00' } }]
  ])('anything while it is %s, nor afterwards', async (_what, more) => {
    const { news, set, shown, sounds, passes } = await device()
    set({ ...more, sound: true })
    news.say('hall', 'one', { mentionsMe: true })
    await passes()
    set({ on: true, quiet: { on: false, from: '11:00', to: '13:00' } })
    await passes()
    expect([shown.length, sounds()]).toEqual([0, 0])
    news.say('hall', 'two')
    await passes()
    expect(shown.map(({ count }) => count)).toEqual([1])
  })

  it('[S14.3] anything while one is not to be disturbed', async () => {
    const { news, dnd, shown, passes } = await device()
    dnd.next(true)
    news.say('hall', 'one', { mentionsMe: true })
    await passes()
    dnd.next(false)
    await passes()
    expect(shown).toEqual([])
  })
})

describe('muted rooms', () => {
  const FOREVER = '9999-12-31T00:00:00.000Z'

  it('tell of mentions and keywords alone', async () => {
    const { news, set, shown, passes } = await device()
    set({ keywords: ['회의'] })
    news.change('hall', { mutedUntil: FOREVER })
    news.say('hall', 'nothing for me')
    await passes()
    expect(shown).toEqual([])
    news.say('hall', '@민지 봐요', { mentionsMe: true })
    await passes()
    news.say('hall', '회의가 있어요')
    await passes()
    expect(shown.map(({ count }) => count)).toEqual([1, 2])
    expect(shown.at(-1)?.body).toContain('회의가 있어요')
  })

  it('tell again when the time is over', async () => {
    const { news, clock, shown, passes } = await device()
    news.change('hall', { mutedUntil: new Date(clock.now() + 3_600_000).toISOString() })
    news.say('hall', 'within the hour')
    await passes(3_600_000)
    news.say('hall', 'after it')
    await passes()
    expect(shown.map(({ count }) => count)).toEqual([1])
  })

  it('do not tell of what is not on the device: whom it concerns is not known', async () => {
    const { news, shown, passes } = await device()
    news.change('hall', { mutedUntil: FOREVER })
    news.skip('hall', 30)
    await passes()
    expect(shown).toEqual([])
  })
})

describe('bursts', () => {
  it('of one room are one notification that counts up, and call for attention once', async () => {
    const { news, set, shown, screen, sounds, passes } = await device()
    set({ sound: true })
    for (let at = 1; at <= 50; at++) {
      news.say('hall', `message ${at}`)
      await passes(100)
    }
    await passes()
    expect(screen.size).toBe(1)
    expect(screen.get('hall')).toMatchObject({ count: 50, body: '새 메시지 50개\n미나: message 50', place: { seq: 1 } })
    expect(shown.length).toBeLessThanOrEqual(5_000 / ROOM_RESTS_MS + 2)
    expect([shown.filter(({ alert }) => alert).length, sounds()]).toEqual([1, 1])
  })

  it('call for attention again after a while', async () => {
    const { news, shown, passes } = await device()
    news.say('hall', 'one')
    await passes(ALERT_AGAIN_MS)
    news.say('hall', 'two')
    await passes()
    expect(shown.map(({ alert }) => alert)).toEqual([true, true])
  })

  it('what came while the device was away is one summary a room, missing messages counted', async () => {
    const { news, shown, inStep, passes } = await device()
    inStep.next(false)
    news.skip('hall', 60)
    for (let at = 0; at < 20; at++) news.say('hall', `message ${at}`)
    inStep.next(true)
    await passes()
    expect(shown.map(({ count, body }) => [count, body])).toEqual([[80, '새 메시지 80개\n미나: message 19']])
  })

  it('of many rooms are a few notifications, those that call the person first, and one for the rest', async () => {
    const { news, shown, screen, passes } = await device()
    const rooms = Array.from({ length: 30 }, (_, at) => `room ${at}`)
    for (const room of rooms) news.room(room)
    for (const room of rooms) news.say(room, 'hello', { mentionsMe: room === 'room 29' })
    await passes()
    expect(screen.size).toBe(MOST_ROOMS + 1)
    expect(shown[0]?.tag).toBe('room 29')
    expect(screen.get(MORE_TAG)).toMatchObject({
      title: ko.productName,
      body: ko.notices.inRooms(25, 25),
      place: null,
      count: 25
    })
  })
})

describe('reading elsewhere', () => {
  it('withdraws what was read, once all of it was', async () => {
    const { news, screen, passes } = await device()
    news.say('hall', 'one')
    news.say('hall', 'two')
    await passes()
    news.read('hall', 1)
    await passes()
    expect([...screen.keys()]).toEqual(['hall'])
    news.read('hall', 2)
    await passes(GATHER_MS)
    expect(screen.size).toBe(0)
    news.say('hall', 'three')
    await passes()
    expect(screen.get('hall')?.count).toBe(1)
  })

  it('withdraws after a restart too', async () => {
    const { news, screen, passes, restart } = await device()
    news.say('hall', 'one')
    await passes()
    await restart()
    expect(screen.size).toBe(1)
    news.read('hall')
    await passes()
    expect(screen.size).toBe(0)
  })

  it('takes rooms out of the one for many', async () => {
    const { news, screen, passes } = await device()
    const rooms = Array.from({ length: MOST_ROOMS + 2 }, (_, at) => `room ${at}`)
    for (const room of rooms) news.room(room)
    for (const room of rooms) news.say(room, 'hello')
    await passes()
    news.read(`room ${MOST_ROOMS}`)
    await passes()
    expect(screen.get(MORE_TAG)?.count).toBe(1)
    news.read(`room ${MOST_ROOMS + 1}`)
    await passes()
    expect(screen.has(MORE_TAG)).toBe(false)
  })

  it('is waited for before the device is in step, but not for ever', async () => {
    const { news, inStep, shown, passes } = await device()
    inStep.next(false)
    news.say('hall', 'read on the phone')
    await passes(STEP_PATIENCE_MS / 2)
    news.read('hall')
    inStep.next(true)
    await passes()
    expect(shown).toEqual([])
    inStep.next(false)
    news.say('hall', 'not read')
    await passes(STEP_PATIENCE_MS + 2 * GATHER_MS)
    expect(shown).toHaveLength(1)
  })

  it('so does leaving the room', async () => {
    const { news, screen, passes } = await device()
    news.say('hall', 'one')
    await passes()
    news.change('hall', { joined: false })
    await passes()
    expect(screen.size).toBe(0)
  })
})

describe('words', () => {
  it('that were deleted leave the screen', async () => {
    const { news, screen, passes } = await device()
    const first = news.say('hall', 'a secret')
    await passes()
    news.delete('hall', first.id)
    await passes()
    expect(screen.size).toBe(0)
    news.say('hall', 'one')
    await passes()
    const second = news.say('hall', 'another secret')
    await passes()
    news.delete('hall', second.id)
    await passes()
    expect(screen.get('hall')?.body).toBe('새 메시지 1개')
  })

  it('are taken away when they are hidden from now on', async () => {
    const { news, set, screen, passes } = await device()
    news.say('hall', 'a secret')
    await passes()
    set({ words: 'nothing' })
    await passes()
    expect(screen.size).toBe(0)
    news.say('hall', 'another one')
    await passes()
    expect(screen.get('hall')).toMatchObject({ title: ko.productName, body: ko.notices.newMessages(1) })
  })

  it('may be answered where they lie, in their room: not where nobody sees who is answered, nor of many rooms', async () => {
    const { news, set, shown, passes } = await device()
    news.say('hall', 'one')
    await passes()
    expect(shown.at(-1)).toMatchObject({ tag: 'hall', mayReply: true })
    set({ words: 'name' })
    news.say('hall', 'two')
    await passes()
    expect(shown.at(-1)).toMatchObject({ tag: 'hall', mayReply: true })
    set({ words: 'nothing' })
    news.say('hall', 'three')
    await passes()
    expect(shown.at(-1)).toMatchObject({ tag: 'hall', mayReply: false })
    set({ words: 'text' })
    const rooms = Array.from({ length: MOST_ROOMS + 1 }, (_, index) => `room ${index}`)
    for (const room of rooms) news.room(room)
    for (const room of rooms) news.say(room, 'hello')
    await passes()
    expect(shown.at(-1)).toMatchObject({ tag: MORE_TAG, mayReply: false })
  })

  it('[S11.5] cannot be answered while they tell of what was said aside: the answer would go to everybody', async () => {
    const { news, screen, passes } = await device()
    news.room('aside', { shownIn: 'hall', name: 'hall' })
    news.say('aside', 'to you', { anchorSeq: 1 })
    await passes()
    expect(screen.get('hall')?.mayReply).toBe(false)
    news.say('hall', 'to all')
    await passes()
    expect(screen.get('hall')?.mayReply).toBe(false)
    news.read('hall')
    news.read('aside')
    await passes()
    news.say('hall', 'to all again')
    await passes()
    expect(screen.get('hall')?.mayReply).toBe(true)
  })

  it('[S11.5] said aside stand with their room, marked, and are withdrawn with it', async () => {
    const { news, screen, passes } = await device()
    news.room('aside', { shownIn: 'hall', name: 'hall' })
    news.say('hall', 'to all')
    await passes()
    news.say('aside', 'to you', { anchorSeq: 1 })
    await passes()
    expect(screen.size).toBe(1)
    expect(screen.get('hall')).toMatchObject({ count: 2, body: '새 메시지 2개\n미나 (귓속말): to you' })
    news.read('hall')
    await passes()
    expect(screen.size).toBe(1)
    news.read('aside')
    await passes()
    expect(screen.size).toBe(0)
  })
})

describe('[S16] cost', () => {
  it('a message asks for its room alone, of a thousand', async () => {
    const made = notifyingDevice()
    const { news, looks } = { news: made.news, looks: made.news.looks }
    for (let at = 0; at < 1_000; at++) news.room(`room ${at}`)
    await made.begin()
    await made.passes()
    const before = looks.length
    news.say('room 500', 'hello')
    await made.passes()
    expect(looks.slice(before)).toEqual([['room 500']])
  })
})
