// What is left of an own database that cannot be read: a file for the person, and then a new beginning. Deletes nothing by itself.
import type { OwnDataUnreadableError } from './own-data-unreadable.ts'
import { indexedDbStorage } from './device-storage.ts'
import type { DeviceStorage } from './device-storage.ts'
import { ownCollectionNames, ownSchemas } from './schemas.ts'
import type { DraftRow, OutboxRow } from './schemas.ts'

export interface LeftOver {
  file: Blob
  /** How many texts are in it: none, and there is nothing in it for a person. */
  texts: number
}

/**
 * What can still be read of unsent messages and drafts, as a JSON file (UTF-8) that a person can keep: first the texts, then the rows as they
 * are. Never rejects for what cannot be read: the file says what is missing.
 */
export async function exportUnreadable(
  { databaseName }: OwnDataUnreadableError,
  storage: DeviceStorage = indexedDbStorage()
): Promise<LeftOver> {
  const salvaged = await storage.salvage(databaseName, Object.keys(ownSchemas))
  const rows = salvaged.flatMap((each) => each.rows) as (Partial<OutboxRow & DraftRow> | null)[]
  const said = new Set(rows.map(sentId))
  const isSaid = (id: string | undefined): boolean => id !== undefined && said.has(id)
  const texts = rows.flatMap((row) => [...textsIn(isSaid(row?.messageId) ? { ...row, text: null } : row)])
  const file = new Blob([JSON.stringify({ texts, salvaged }, null, 2)], { type: 'application/json' })
  return { file, texts: texts.length }
}

/**
 * Deletes the unreadable database, so that opening the store begins a new one; the records stay. Only after the person has saved what
 * `exportUnreadable` gave.
 */
export async function setAside(
  { databaseName }: OwnDataUnreadableError,
  storage: DeviceStorage = indexedDbStorage()
): Promise<void> {
  await storage.remove(databaseName, ownCollectionNames)
}

/** Of the message that a row sends. Rows may lack anything. */
function sentId(row: Partial<OutboxRow> | null): string | undefined {
  const operation = row?.entry?.operation as { type?: unknown; messageId?: string } | undefined
  return operation?.type === 'message.send' ? operation.messageId : undefined
}

/** The words in a row, whatever else it is: messages' bodies, drafts' texts. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    if ((name === 'body' || name === 'text') && typeof inner === 'string') yield inner
    else yield* textsIn(inner)
  }
}
