// Pictures of people and rooms on the device, so that they show without the network: the one of each that was shown last. Knows no relay and no screen.
import type { RxDatabase } from 'rxdb'
import { openCollection } from './open-collection.ts'
import { pictureEntry } from './outbox-standing.ts'
import type { Outbox } from './outbox.ts'
import { reviseRows } from './rows.ts'
import { pictureSchemas } from './schemas.ts'
import type { Collection, PictureRow, RecordCollections } from './schemas.ts'

/** Whose picture. */
export interface PictureOwner {
  of: 'user' | 'room'
  id: string
}

export interface PictureStore {
  /** A PNG in base64; undefined if what is held is another one. Of an own change that waits (`pendingPicture`) what the outbox holds. */
  load(owner: PictureOwner, hash: string): Promise<string | undefined>
  /** Takes the place of the one that the owner had. */
  save(owner: PictureOwner, hash: string, base64: string): Promise<void>
}

/** Opens its collection when it is first asked: a start waits for no pictures. */
export function createPictureStore(
  database: RxDatabase<RecordCollections>,
  outbox: Pick<Outbox, 'latest'>
): PictureStore {
  let opened: Promise<Collection<PictureRow>> | undefined

  function rows(): Promise<Collection<PictureRow>> {
    opened ??= openCollection(database, 'pictures', pictureSchemas.pictures).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  return {
    async load(owner, hash) {
      const entryId = pictureEntry(hash)
      if (entryId !== undefined) {
        const { entries } = await outbox.latest()
        const operation = entries.find(({ id }) => id === entryId)?.operation
        return operation && 'avatar' in operation ? (operation.avatar ?? undefined) : undefined
      }
      const collection = await rows()
      const [row] = await collection.storageInstance.findDocumentsById([keyOf(owner)], false)
      return row?.hash === hash ? row.png : undefined
    },

    async save(owner, hash, png) {
      await reviseRows(await rows(), [keyOf(owner)], (key, held) =>
        held?.hash === hash ? undefined : { key, hash, png }
      )
    }
  }
}

function keyOf({ of, id }: PictureOwner): string {
  return `${of}|${id}`
}
