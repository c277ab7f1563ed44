// Finishes what was begun in the outbox: entries that are taken back go when what depends on them is decided about, and refused ones go that nobody
// has to decide about (removal-plans.ts says which); and drafts go that are in it. Knows no commands.
import { editedMessage, writeLocal } from './local-rows.ts'
import { isTakenBack } from './outbox-rules.ts'
import { isRemovable, isSaid, isSaved } from './outbox-standing.ts'
import type { Outbox } from './outbox.ts'
import { idleRefusals, planFallout } from './removal-plans.ts'
import { everyRow, read } from './queries.ts'
import type { Collection, DraftRow, MessageRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

type Revised = Pick<Outbox, 'settleAndRevise'>

/**
 * Decides about what depends on an entry that is marked as taken back, then removes it. May be repeated, by any window.
 * @param alsoGone ids of dependants that the person wants gone too
 */
export async function finishRemoval(outbox: Revised, gone: OutboxEntry, alsoGone: readonly string[]): Promise<void> {
  await outbox.settleAndRevise(({ entries }) => {
    if (alsoGone.length === 0) return planFallout(gone, entries)
    const isUnused = (each: OutboxEntry): boolean => isRemovable(each) || (gone.n === null && each.state === 'pending')
    return { remove: entries.filter((each) => alsoGone.includes(each.id) && isUnused(each)).map(({ id }) => id) }
  })
  await outbox.settleAndRevise(() => ({ remove: [gone.id] }))
}

/** What a window that died in between has left. Called when the store opens. */
export async function finishRemovals(outbox: Revised & Pick<Outbox, 'load'>): Promise<void> {
  const { entries } = await outbox.load()
  for (const entry of entries.filter(isTakenBack)) await finishRemoval(outbox, entry, [])
}

/** Words that were sent, and edits that were saved, by a window which died before it could forget them as unfinished. Called when the store opens. */
export async function forgetSaidDrafts(
  outbox: Pick<Outbox, 'latest'>,
  drafts: Collection<DraftRow>,
  messages: Collection<MessageRow>
): Promise<void> {
  const [{ entries }, rows] = await Promise.all([outbox.latest(), read(drafts, everyRow<DraftRow>())])
  const local = writeLocal(drafts)
  for (const row of rows) {
    const { key: roomId, edit } = row
    if (isSaid(row, entries)) await local.forgetDraft(row)
    if (edit && isSaved(edit, roomId, await editedMessage(messages, roomId, edit), entries))
      await local.saveEdit(roomId, null)
  }
}

/** For so long only the window that has begun to take something back decides what becomes of the rest. */
const REMOVAL_PATIENCE_MS = 5_000

export interface TidyingOptions {
  onProblem: (problem: unknown) => void
  /** For tests. */
  removalPatienceMs?: number | undefined
}

/**
 * Takes out idle refusals whenever there are some, and ends removals that a window has left half-way, by its end or because the device was full: what
 * depends on them waits. Runs in every window. Returns its stop, which resolves when nothing is under way.
 */
export function startTidying(
  outbox: Outbox,
  { onProblem, removalPatienceMs = REMOVAL_PATIENCE_MS }: TidyingOptions
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let patience: ReturnType<typeof setTimeout> | undefined
  const endRemovals = (): void => {
    patience = undefined
    running = running
      .then(() => finishRemovals(outbox))
      .catch((error: unknown) => {
        patience ??= setTimeout(endRemovals, removalPatienceMs)
        onProblem(error)
      })
  }
  const snapshots = outbox.snapshots.subscribe(({ entries }) => {
    if (entries.some(isTakenBack)) patience ??= setTimeout(endRemovals, removalPatienceMs)
    if (idleRefusals(entries).length === 0) return
    running = running
      .then(() => outbox.settleAndRevise((fresh) => ({ remove: idleRefusals(fresh.entries) })))
      .catch(onProblem)
  })
  return async () => {
    snapshots.unsubscribe()
    clearTimeout(patience)
    await running
    clearTimeout(patience)
  }
}
