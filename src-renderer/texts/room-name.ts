// What is wrong with a room's name, in words. Pure.
import { MAX_ROOM_NAME_CHARS } from '../../protocol/limits.ts'
import { roomNameSchema } from '../../protocol/values.ts'
import type { Texts } from './texts.ts'

/** Undefined when the name can be used. */
export function roomNameProblem(texts: Texts, name: string): string | undefined {
  if (name.trim() === '') return texts.newRoom.missingName
  return roomNameSchema.safeParse(name).success ? undefined : texts.newRoom.badName(MAX_ROOM_NAME_CHARS)
}
