// Finds where a day begins in a room, by halving: on the device where it holds the messages, by asking the relay where it does not [S9.5].
import { firstValueFrom } from 'rxjs'
import type { Services } from '../../services.ts'
import { shownAt } from './rows.ts'

/** A page that is asked for has this much below the message that is looked at. */
const BELOW = 20

type Room = Pick<Services, 'loadOlder'> & { store: { queries: Pick<Services['store']['queries'], 'watchTimeline'> } }

/**
 * The seq of the first message at or after a time, by the relay's clock, for labels only [S5]; the newest where all are older, null where the
 * room is empty or the relay could not be asked. Costs as many questions as the number of messages has binary digits.
 * @param time ms since 1970
 */
export async function seqAtTime(services: Room, roomId: string, headSeq: number, time: number): Promise<number | null> {
  let [low, high] = [1, headSeq]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const at = await timeOf(services, roomId, middle, headSeq)
    if (at === undefined) return null
    // What one may not read lies before everything that one may [S11.4].
    if (at === null || at < time) low = middle + 1
    else high = middle
  }
  return headSeq > 0 ? low : null
}

/** In ms since 1970; null: there is no such message for this person; undefined: it could not be had. */
async function timeOf(
  services: Room,
  roomId: string,
  seq: number,
  headSeq: number
): Promise<number | null | undefined> {
  const held = await heldTime(services, roomId, seq)
  if (held !== null) return held
  const came = await services.loadOlder(roomId, Math.min(seq + BELOW, headSeq) + 1)
  return came ? heldTime(services, roomId, seq) : undefined
}

async function heldTime({ store }: Room, roomId: string, seq: number): Promise<number | null> {
  const { items } = await firstValueFrom(store.queries.watchTimeline(roomId, seq, seq))
  const item = items.find((each) => each.seq === seq)
  return item ? Date.parse(shownAt(item)) : null
}
