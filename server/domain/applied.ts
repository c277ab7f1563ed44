// What applying an operation needs and gives, shared by the families of operations.
import type { StreamId } from '../../protocol/streams.ts'
import type { Draft } from '../storage/port.ts'
import type { Pictures } from './avatars.ts'

export interface ApplyContext {
  draft: Draft
  /** The session's user [S17]. */
  actorId: string
  /** The relay's time, ISO 8601 [S5]. */
  now: string
  /** Those that the operation carries; may be absent where it carries none. */
  pictures?: Pictures
}

/** An accepted operation. */
export interface Applied {
  /** `stream`, `rev` name a version that the actor can read and that shows the effect [SPEC §4]. */
  stream: StreamId
  rev: number
  /** Of the message that was sent. */
  seq?: number
  /** False when everything was so already. */
  changed: boolean
}
