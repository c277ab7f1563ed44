// What is wrong with a room's name or topic, in words. Pure.
import { MAX_ROOM_NAME_CHARS, MAX_TOPIC_CHARS } from '../../protocol/limits.ts'
import { roomNameSchema, topicSchema } from '../../protocol/values.ts'
import type { Texts } from './texts.ts'

/** Undefined when the name can be used. */
export function roomNameProblem(texts: Texts, name: string): string | undefined {
  if (name.trim() === '') return texts.newRoom.missingName
  return roomNameSchema.safeParse(name).success ? undefined : texts.newRoom.badName(MAX_ROOM_NAME_CHARS)
}

/** Undefined when the topic can be used, or there is none. */
export function topicProblem(texts: Texts, topic: string): string | undefined {
  if (topic.trim() === '' || topicSchema.safeParse(topic).success) return undefined
  return texts.newKind.badTopic(MAX_TOPIC_CHARS)
}
