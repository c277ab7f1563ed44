// block.set [S11.8]: whose direct messages and mentions stay away. The relay keeps it for the user's devices and refuses nobody by it.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_BLOCKS } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { BlockRecord } from '../../protocol/records.ts'
import { userStream } from '../../protocol/streams.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { userNotFound } from './members.ts'

/** Of the actor alone: nobody else is told. */
export async function setBlock(
  { draft, actorId }: ApplyContext,
  { userId, set }: OperationOf<'block.set'>
): Promise<Applied> {
  if (userId === actorId) throw new ProtocolError('invalid', 'nobody blocks themselves', { field: 'userId' })
  if (!(await draft.user(userId))) throw userNotFound('userId')
  const stream = userStream(actorId)
  const standing = await draft.block(actorId, userId)
  if ((standing?.set ?? false) === set) {
    return { stream, rev: standing?.rev ?? (await draft.head(stream)), changed: false }
  }
  if (set && (await draft.blockCount(actorId)) >= MAX_BLOCKS) {
    throw new ProtocolError('too-many-blocks', 'you block too many users', { limit: MAX_BLOCKS })
  }
  const { rev } = await draft.put<BlockRecord>(stream, { type: 'block', userId, set })
  return { stream, rev, changed: true }
}
