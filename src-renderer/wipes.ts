// What is to be deleted from this device: noted before it begins, so that a window that dies meanwhile does not leave it half done.
import * as v from 'valibot'
import { parsedJson } from './platform/parsed-json.ts'
import type { Store } from './store/open-store.ts'

const WIPES_KEY = 'maru.wipes'

/** Whose data: one person's on one relay. */
const wipeSchema = v.object({ relayId: v.string(), userId: v.string() })
export type Wipe = v.InferOutput<typeof wipeSchema>

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Deletes everything of this person here, unsent words included; goes on at the next start if it is interrupted. Rejects if something is left. */
export async function wipe(storage: Kept, whose: Wipe, store: Pick<Store, 'wipe'>): Promise<void> {
  try {
    save(storage, [...others(storage, whose), whose])
  } catch {
    // As on a full device. What is deleted now needs no note, and what is left is told below.
  }
  await store.wipe()
  save(storage, others(storage, whose))
}

/** Whoever signs in again before it was done wants to keep what is left. */
export function keepAfterAll(storage: Kept, whose: Wipe): void {
  save(storage, others(storage, whose))
}

/** Whether something is still to be deleted. */
export function hasWipes(storage: Kept): boolean {
  return load(storage).length > 0
}

/** Finishes what an earlier run of the app has begun. What cannot be opened is left for the next time, and told. */
export async function finishWipes(
  storage: Kept,
  onProblem: (problem: unknown) => void,
  open: (whose: Wipe) => Promise<Pick<Store, 'wipe'>> = async (whose) => {
    const { openStore } = await import('./store/open-store.ts')
    return openStore({ ...whose, onRecordsRebuilt: onProblem })
  }
): Promise<void> {
  for (const whose of load(storage)) {
    try {
      await wipe(storage, whose, await open(whose))
    } catch (error) {
      onProblem(error)
    }
  }
}

function others(storage: Kept, whose: Wipe): Wipe[] {
  return load(storage).filter(({ relayId, userId }) => relayId !== whose.relayId || userId !== whose.userId)
}

function load(storage: Kept): Wipe[] {
  const parsed = v.safeParse(v.array(wipeSchema), parsedJson(storage.getItem(WIPES_KEY) ?? '[]'))
  return parsed.success ? parsed.output : []
}

function save(storage: Kept, wipes: readonly Wipe[]): void {
  if (wipes.length === 0) storage.removeItem(WIPES_KEY)
  else storage.setItem(WIPES_KEY, JSON.stringify(wipes))
}
