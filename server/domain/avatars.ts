// Pictures of users and rooms: what somebody sent becomes what the relay keeps and serves. The file itself is png.ts's.
import { createHash } from 'node:crypto'
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_AVATAR_BYTES, MAX_AVATAR_SIDE } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { Avatar, Reader } from '../storage/port.ts'
import type { ApplyContext } from './applied.ts'
import { encodedAnew, PngError } from './png.ts'

export type Picture = Omit<Avatar, 'ownerId'>
/** By what was sent: the picture that the relay keeps of it, or why it is refused. */
export type Pictures = ReadonlyMap<string, Picture | ProtocolError>

const NONE: Pictures = new Map()
const HASH_CHARS = 32
/** Written anew a picture may take a little more than it did. */
const MAX_KEPT_BYTES = 1.5 * MAX_AVATAR_BYTES

/** Reads the pictures that operations carry, before the commit: it takes a while. Never throws for what they are. */
export async function readPictures(operations: readonly (Operation | ProtocolError)[]): Promise<Pictures> {
  const sent = operations.flatMap(
    (operation) => (!(operation instanceof Error) && 'avatar' in operation && operation.avatar) || []
  )
  if (sent.length === 0) return NONE
  const pictures = new Map<string, Picture | ProtocolError>()
  for (const base64 of new Set(sent)) pictures.set(base64, await pictureOf(base64))
  return pictures
}

async function pictureOf(base64: string): Promise<Picture | ProtocolError> {
  const file = Buffer.from(base64, 'base64')
  if (file.length > MAX_AVATAR_BYTES) return unfit('it is too large', MAX_AVATAR_BYTES)
  try {
    const png = await encodedAnew(file, MAX_AVATAR_SIDE)
    if (png.length > MAX_KEPT_BYTES) return unfit('it is too large', MAX_AVATAR_BYTES)
    return { png, hash: createHash('sha256').update(png).digest('hex').slice(0, HASH_CHARS) }
  } catch (error) {
    if (error instanceof PngError) return unfit(error.message)
    throw error
  }
}

function unfit(why: string, limit?: number): ProtocolError {
  const at = { field: 'avatar', ...(limit === undefined ? {} : { limit }) }
  return new ProtocolError('invalid', `avatar: must be a PNG of at most ${MAX_AVATAR_SIDE} pixels a side: ${why}`, at)
}

/**
 * What an operation makes of a picture: another one, none any more (null), or nothing (undefined).
 * @param standing the hash of the one there is
 * @throws ProtocolError `invalid` whose field is `avatar`
 */
export function changedPicture(
  { pictures = NONE }: ApplyContext,
  asked: string | null | undefined,
  standing: string | undefined
): Picture | null | undefined {
  if (asked === undefined) return undefined
  if (asked === null) return standing === undefined ? undefined : null
  const picture = pictures.get(asked)
  if (!picture) throw new Error('the pictures of an operation are read before it is applied')
  if (picture instanceof ProtocolError) throw picture
  return picture.hash === standing ? undefined : picture
}

/** The picture of a user or a room, if it is still this one. @throws ProtocolError `avatar-not-found` */
export async function avatarOf(reader: Reader, ownerId: string, hash: string): Promise<Uint8Array> {
  const avatar = await reader.avatar(ownerId)
  if (avatar?.hash !== hash)
    throw new ProtocolError('avatar-not-found', 'there is no such picture any more', { field: 'hash' })
  return avatar.png
}
