// One notifier for several relays: what one shows is nothing of another's.
import { expect, it } from 'vitest'
import type { Notice, NoticePlace } from './bridge.ts'
import type { Notifier } from './notifier.ts'
import { notifierOfRelay } from './relay-notifier.ts'

function shared() {
  const shown = new Map<string, Notice>()
  const opens = new Set<(place: NoticePlace | null) => void>()
  const notifier: Notifier = {
    may: () => 'granted',
    ask: async () => 'granted',
    show: async (notice) => void shown.set(notice.tag, notice),
    withdraw: async (tag) => void shown.delete(tag),
    shown: async () => [...shown.values()],
    onOpen(open) {
      opens.add(open)
      return () => opens.delete(open)
    }
  }
  const click = (tag: string) => {
    for (const open of opens) open(shown.get(tag)?.place ?? null)
  }
  return { notifier, shown, click }
}

const notice = (tag: string, title: string): Notice => ({
  tag,
  title,
  body: '',
  place: { roomId: tag, seq: 3 },
  covers: { [tag]: 3 },
  count: 1,
  alert: true,
  mayReply: true
})

it('two relays may use one tag, and each sees and withdraws its own alone', async () => {
  const { notifier, shown } = shared()
  const [home, work] = [notifierOfRelay(notifier, 'home'), notifierOfRelay(notifier, 'work')]
  await home.show(notice('more', 'Home'))
  await work.show({ ...notice('more', 'Work'), place: null })
  expect([...shown.values()].map(({ title, place }) => [title, place?.relayId])).toEqual([
    ['Home', 'home'],
    ['Work', undefined]
  ])
  expect((await work.shown()).map(({ tag, title }) => [tag, title])).toEqual([['more', 'Work']])
  await work.withdraw('more')
  expect([await work.shown(), (await home.shown()).length]).toEqual([[], 1])
})

it('a click leads to the relay whose notification it was', async () => {
  const { notifier, shown, click } = shared()
  const opened: unknown[] = []
  for (const relayId of ['home', 'work']) {
    const own = notifierOfRelay(notifier, relayId)
    own.onOpen((place) => opened.push([relayId, place]))
    await own.show(notice('room', relayId))
  }
  const [, tag = ''] = shown.keys()
  click(tag)
  expect(opened).toEqual([['work', { relayId: 'work', roomId: 'room', seq: 3 }]])
})
