// Operations that come by REST: they have no device counter, so nothing is remembered of them but what they change.
import type { Operation } from '../../protocol/operations.ts'
import { timeText } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { Reader } from '../storage/port.ts'
import { apply, messagesOf, streamsOf } from './apply.ts'
import { readPictures } from './avatars.ts'
import type { CommitLine } from './commit-line.ts'
import { requireAccount } from './sessions.ts'

export interface Writing {
  /**
   * Applies one operation and reads something of the state that it made.
   */
  write<T>(userId: string, operation: Operation, read: (after: Reader) => Promise<T | undefined>): Promise<Written<T>>
  /** Several as one, of which only the first may be refused. */
  writeAll<T>(
    userId: string,
    operations: readonly Operation[],
    read: (after: Reader) => Promise<T | undefined>
  ): Promise<Written<T>>
}

export interface Written<T> {
  /** False when everything was so already. */
  changed: boolean
  value: T
}

export function createWriting({ line, now }: { line: CommitLine; now: Clock }): Writing {
  const writeAll: Writing['writeAll'] = async (userId, operations, read) => {
    const pictures = await readPictures(operations)
    return line.submit({
      streams: operations.flatMap((operation) => streamsOf(operation, userId)),
      messages: operations.flatMap((operation) => messagesOf(operation, userId)),
      work: async (draft) => {
        await requireAccount(draft, userId)
        const context = { draft, actorId: userId, now: timeText(now()), pictures }
        let changed = false
        for (const operation of operations) changed = (await apply(context, operation)).changed || changed
        const value = await read(draft)
        if (value === undefined) throw new Error(`nothing to read after ${operations.map(({ type }) => type).join()}`)
        return { changed, value }
      }
    })
  }
  return { writeAll, write: (userId, operation, read) => writeAll(userId, [operation], read) }
}
