// Pictures of people and rooms: from memory, else from the device, else from the relay, each asked for when it is first shown. Knows no screen.
import { Observable } from 'rxjs'
import { ProtocolError } from '../../protocol/errors.ts'
import { RelayUnreachableError } from '../connection/connection.ts'
import { pictureEntry } from '../store/outbox-standing.ts'
import type { PictureStore } from '../store/pictures.ts'

/** How much is kept in memory, as it is shown: some hundred pictures. */
const MAX_CHARS_IN_MEMORY = 8_000_000
/** Pictures that are asked for at one time: there is something to read meanwhile. */
const AT_ONCE = 4

/** Which picture: of whom, and which one of theirs. */
export interface PictureName {
  of: 'user' | 'room'
  id: string
  hash: string
}

export interface ShownPictures {
  /** An address that an image can show, if it is in memory. */
  held(name: PictureName): string | undefined
  /**
   * That address as soon as there is one; undefined before. What the relay did not answer is asked for again at the next connection. An own picture that the
   * relay has just taken shows as it was sent until the relay's is here.
   */
  watch(name: PictureName): Observable<string | undefined>
  stop(): void
}

/** @param connected emits whenever the relay can be asked again */
export function startPictures(options: {
  store: PictureStore
  /** A PNG in base64, of the relay. */
  ask: (name: PictureName) => Promise<string>
  connected: Observable<unknown>
  onProblem: (problem: unknown) => void
}): ShownPictures {
  const { store, ask, onProblem } = options
  /** By name; what was used last is at the end. */
  const shown = new Map<string, string>()
  const sent = new Map<string, string>()
  const loading = new Map<string, Promise<string | undefined>>()
  const missing = new Map<string, Set<() => void>>()
  const waiting: (() => void)[] = []
  let chars = 0
  let busy = 0

  const held = (name: PictureName): string | undefined => {
    const key = keyOf(name)
    const url = shown.get(key)
    if (url === undefined) return undefined
    shown.delete(key)
    shown.set(key, url)
    return url
  }

  function keep(name: PictureName, base64: string): string {
    const url = `data:image/png;base64,${base64}`
    if (pictureEntry(name.hash) !== undefined) sent.set(ownerOf(name), url)
    else sent.delete(ownerOf(name))
    const key = keyOf(name)
    chars += url.length - (shown.get(key)?.length ?? 0)
    shown.set(key, url)
    for (const [oldest, { length }] of shown) {
      if (chars <= MAX_CHARS_IN_MEMORY || oldest === key) break
      shown.delete(oldest)
      chars -= length
    }
    return url
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (busy >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    busy++
    try {
      return await work()
    } finally {
      busy--
      waiting.shift()?.()
    }
  }

  /** Undefined where there is none now. */
  async function find(name: PictureName): Promise<string | undefined> {
    const stored = await store.load(name, name.hash)
    if (stored !== undefined) return keep(name, stored)
    if (pictureEntry(name.hash) !== undefined) return undefined
    const base64 = await inTurn(() => ask(name))
    store.save(name, name.hash, base64).catch(onProblem)
    return keep(name, base64)
  }

  function load(name: PictureName): Promise<string | undefined> {
    const key = keyOf(name)
    const under = loading.get(key)
    if (under) return under
    const found = find(name)
      .catch((error: unknown) => {
        // Not there, not for this person, or nobody answered: what is none of these is for developers.
        if (!(error instanceof ProtocolError || error instanceof RelayUnreachableError)) onProblem(error)
        return undefined
      })
      .finally(() => loading.delete(key))
    loading.set(key, found)
    return found
  }

  const reconnects = options.connected.subscribe(() => {
    for (const again of [...missing.values()].flatMap((attempts) => [...attempts])) again()
  })

  return {
    held,
    watch: (name) =>
      new Observable((subscriber) => {
        const key = keyOf(name)
        const attempt = (): void => {
          void load(name).then((url) => {
            if (subscriber.closed || url === undefined) return
            stopAsking()
            subscriber.next(url)
          })
        }
        const stopAsking = (): void => {
          const lacking = missing.get(key)
          lacking?.delete(attempt)
          if (lacking?.size === 0) missing.delete(key)
        }
        const known = held(name)
        subscriber.next(known ?? sent.get(ownerOf(name)))
        if (known !== undefined) return undefined
        const lacking = missing.get(key) ?? new Set()
        missing.set(key, lacking.add(attempt))
        attempt()
        return stopAsking
      }),
    stop: () => {
      reconnects.unsubscribe()
      missing.clear()
    }
  }
}

function keyOf({ of, id, hash }: PictureName): string {
  return `${of} ${id} ${hash}`
}

function ownerOf({ of, id }: PictureName): string {
  return `${of} ${id}`
}
