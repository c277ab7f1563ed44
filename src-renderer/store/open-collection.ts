// Opens the rows of a database for reading and writing, on RxDB's storage and with its events: what of RxDB's own collections the store uses, without
// documents, caches and hooks, which it never did. An app that is signed in to several relays has more of them open than RxDB allows of its own
// (docs/decisions/0023-several-relays.md). Knows no rows.
import {
  _collectionNamePrimary,
  createRxSchema,
  deepEqual,
  ensureNoStartupErrors,
  getDefaultRevision,
  getDefaultRxDocumentMeta,
  getPrimaryKeyOfInternalDocument,
  getWrappedStorageInstance,
  INTERNAL_CONTEXT_COLLECTION,
  newRxError
} from 'rxdb'
import type { RxDatabase, RxDatabaseBase, RxJsonSchema, RxSchema, RxStorageInstance } from 'rxdb'
import { filter } from 'rxjs'
import type { RangeReader } from './queries.ts'
import type { RowRange } from './rxdb-layout.ts'
import type { Collection, Keyed } from './schemas.ts'

/** Of what type its collections are does not matter here. */
type AnyDatabase = RxDatabase<Record<string, never>>

/**
 * Closes with the database. Throws what RxDB would: DB6 where the database holds rows of another schema, and whatever the storage throws.
 * @param opened the database
 * @param onUnread told of a range whose rows the storage could not give
 */
export async function openCollection<Row extends Keyed>(
  opened: object,
  name: string,
  schema: RxJsonSchema<Row>,
  onUnread?: (range: RowRange) => void
): Promise<Collection<Row>> {
  const database = opened as AnyDatabase
  const full = createRxSchema(schema, database.hashFunction)
  const opening = database.storage.createStorageInstance<Row>({
    databaseInstanceToken: database.token,
    databaseName: database.name,
    collectionName: name,
    schema: full.jsonSchema,
    options: {},
    multiInstance: database.multiInstance,
    devMode: false
  })
  const [instance, noted] = await Promise.allSettled([opening, note(database, name, full)])
  if (instance.status === 'rejected') throw instance.reason
  if (noted.status === 'rejected' || database.closed) {
    await instance.value.close()
    throw noted.status === 'rejected' ? noted.reason : new Error(`${database.name} was closed`)
  }
  if (onUnread) tellUnread(instance.value as unknown as RangeReader<Row>, onUnread)
  return collectionOf(database, name, full, instance.value)
}

/** As browsers call it that what lies on the disk cannot be read. A store that is closed meanwhile is none of these. */
const UNREADABLE: ReadonlySet<string> = new Set(['DataError', 'NotReadableError', 'UnknownError'])

function tellUnread<Row>(reader: RangeReader<Row>, onUnread: (range: RowRange) => void): void {
  const readRange = reader.readRange.bind(reader)
  reader.readRange = async (range) => {
    try {
      return await readRange(range)
    } catch (error) {
      if (error instanceof Error && UNREADABLE.has(error.name)) onUnread(range)
      throw error
    }
  }
}

function collectionOf<Row extends Keyed>(
  database: AnyDatabase,
  name: string,
  { jsonSchema }: RxSchema<Row>,
  instance: RxStorageInstance<Row, unknown, unknown>
): Collection<Row> {
  const storageInstance = getWrappedStorageInstance(database as never, instance, jsonSchema)
  const told = instance.changeStream().subscribe(({ id, events, checkpoint, context }) => {
    database.$emit({
      id,
      isLocal: false,
      internal: false,
      collectionName: name,
      storageToken: '',
      events,
      databaseToken: database.token,
      checkpoint,
      context
    })
  })
  database.onClose.push(async () => {
    await instance.close()
    told.unsubscribe()
  })
  const eventBulks$ = database.eventBulks$.pipe(filter(({ collectionName }) => collectionName === name))
  return { name, database, eventBulks$, storageInstance } as unknown as Collection<Row>
}

/** RxDB's own note of which collections a database has, as it writes it: older versions of the app open what newer ones have made, and the reverse. */
async function note<Row>(database: AnyDatabase, name: string, schema: RxSchema<Row>): Promise<void> {
  const key = _collectionNamePrimary(name, schema.jsonSchema)
  const data = { name, schemaHash: await schema.hash, schema: schema.jsonSchema, version: 0, connectedStorages: [] }
  const document = {
    id: getPrimaryKeyOfInternalDocument(key, INTERNAL_CONTEXT_COLLECTION),
    key,
    context: INTERNAL_CONTEXT_COLLECTION,
    data,
    _deleted: false,
    _meta: getDefaultRxDocumentMeta(),
    _rev: getDefaultRevision(),
    _attachments: {}
  }
  const [{ error }] = await Promise.all([
    database.internalStore.bulkWrite([{ document }], 'maru-open-collection'),
    ensureNoStartupErrors(database as unknown as RxDatabaseBase<unknown, unknown, unknown>)
  ])
  for (const problem of error) {
    if (problem.status !== 409) throw newRxError('DB12', { database: database.name, writeError: problem })
    const before = (problem.documentInDb as unknown as typeof document).data
    if (before.schemaHash !== data.schemaHash && !deepEqual(before.schema, schema.jsonSchema))
      throw newRxError('DB6', { database: database.name, collection: name })
  }
}
