// Pictures come from memory, else from the device, else from the relay, and show without the network once they were seen.
import { firstValueFrom, Subject } from 'rxjs'
import { expect, it, vi } from 'vitest'
import { RelayUnreachableError } from '../connection/connection.ts'
import { pendingPicture } from '../store/outbox-standing.ts'
import type { PictureStore } from '../store/pictures.ts'
import { startPictures } from './pictures.ts'
import type { PictureName } from './pictures.ts'

const mina = { of: 'user', id: 'mina', hash: '0'.repeat(32) } as const

function world(kept = new Map<string, string>()) {
  const store: PictureStore = {
    load: async ({ id }, hash) => kept.get(`${id} ${hash}`),
    save: async ({ id }, hash, base64) => void kept.set(`${id} ${hash}`, base64)
  }
  const connected = new Subject<void>()
  const ask = vi.fn<(name: PictureName) => Promise<string>>(async ({ id }) => `png of ${id}`)
  const problems: unknown[] = []
  const pictures = startPictures({ store, ask, connected, onProblem: (problem) => problems.push(problem) })
  return { pictures, ask, connected, kept, problems }
}

/** What is shown of a picture, as it comes. */
function seen(pictures: ReturnType<typeof world>['pictures'], name: PictureName): (string | undefined)[] {
  const urls: (string | undefined)[] = []
  pictures.watch(name).subscribe((url) => urls.push(url))
  return urls
}

it('asks the relay once, keeps what it gives, and asks it nothing the next time', async () => {
  const { pictures, ask, kept } = world()
  const both = [seen(pictures, mina), seen(pictures, mina)]
  await vi.waitFor(() => expect(both.map((urls) => urls.at(-1))).not.toContain(undefined), 5_000)
  expect(both[0]).toEqual([undefined, 'data:image/png;base64,png of mina'])
  expect(ask).toHaveBeenCalledTimes(1)
  expect(pictures.held(mina)).toBe('data:image/png;base64,png of mina')

  const later = world(kept)
  const offline = seen(later.pictures, mina)
  await vi.waitFor(() => expect(offline.at(-1)).toBe('data:image/png;base64,png of mina'), 5_000)
  expect(later.ask).not.toHaveBeenCalled()
})

it('what nobody answered is asked for again at the next connection, as long as somebody looks', async () => {
  const { pictures, ask, connected, problems } = world()
  ask.mockRejectedValueOnce(new RelayUnreachableError('relay-unreachable'))
  const urls = seen(pictures, mina)
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(1), 5_000)
  const gone = pictures.watch({ ...mina, id: 'gone' }).subscribe()
  gone.unsubscribe()
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(2), 5_000)
  expect(urls).toEqual([undefined])
  connected.next()
  await vi.waitFor(() => expect(urls.at(-1)).toBe('data:image/png;base64,png of mina'), 5_000)
  expect(ask).toHaveBeenCalledTimes(3)
  expect(problems).toEqual([])
})

it('an own picture shows while it waits, and until the relay has answered with its own of it', async () => {
  const waiting = { ...mina, hash: pendingPicture('entry-1') }
  const { pictures, ask } = world(new Map([[`mina ${waiting.hash}`, 'as sent']]))
  expect(await firstValueFrom(pictures.watch(waiting))).toBeUndefined()
  await vi.waitFor(() => expect(pictures.held(waiting)).toBe('data:image/png;base64,as sent'), 5_000)
  expect(ask).not.toHaveBeenCalled()
  const urls = seen(pictures, mina)
  expect(urls).toEqual(['data:image/png;base64,as sent'])
  await vi.waitFor(() => expect(urls.at(-1)).toBe('data:image/png;base64,png of mina'), 5_000)
})

it('memory does not grow with the number of people: what was not looked at for longest goes', async () => {
  const { pictures, ask } = world()
  ask.mockImplementation(async () => 'x'.repeat(1_000_000))
  const people = Array.from({ length: 10 }, (_, index) => ({ ...mina, id: `person-${index}` }))
  for (const name of people) {
    const urls = seen(pictures, name)
    await vi.waitFor(() => expect(urls.at(-1)).toBeDefined(), 5_000)
    expect(pictures.held(people[0]!) === undefined).toBe(false)
  }
  expect(people.filter((name) => pictures.held(name) !== undefined).length).toBeLessThanOrEqual(8)
})
