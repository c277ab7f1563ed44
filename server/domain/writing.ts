// Operations that come by REST: they have no device counter, so nothing is remembered of them but what they change.
import type { Operation } from '../../protocol/operations.ts'
import { timeText } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { Reader } from '../storage/port.ts'
import { apply, messagesOf, streamsOf } from './apply.ts'
import type { CommitLine } from './commit-line.ts'

export interface Writing {
  /**
   * Applies one operation and reads something of the state that it made.
   */
  write<T>(userId: string, operation: Operation, read: (after: Reader) => Promise<T | undefined>): Promise<Written<T>>
}

export interface Written<T> {
  /** False when everything was so already. */
  changed: boolean
  value: T
}

export function createWriting({ line, now }: { line: CommitLine; now: Clock }): Writing {
  return {
    write: (userId, operation, read) =>
      line.submit({
        streams: streamsOf(operation, userId),
        messages: messagesOf(operation),
        work: async (draft) => {
          const context = { draft, actorId: userId, now: timeText(now()) }
          const { changed } = await apply(context, operation)
          const value = await read(draft)
          if (value === undefined) throw new Error(`nothing to read after ${operation.type}`)
          return { changed, value }
        }
      })
  }
}
