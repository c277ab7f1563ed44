// The live lane put together: what connections say of typing and presence, and what commits mean for it [S14]. Nothing of it is stored; knows no
// transport.
import type { Availability, PersonPresence, Presence, PresentMember, Typing } from '../../protocol/live.ts'
import { roomStream, userOfStream } from '../../protocol/streams.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Told } from '../domain/commit-line.ts'
import type { LiveFacts } from '../domain/live-facts.ts'
import type { Log } from '../log.ts'
import { People } from './people.ts'
import type { PresenceEntries, PresenceEntry } from './port.ts'
import { PresenceDesk } from './presence.ts'
import { typingFrames } from './typing-frames.ts'
import type { TypingFrames } from './typing-frames.ts'
import { RoomsTyping } from './typing.ts'

/** Whose connection it is. */
export type Connected = Omit<PresenceEntry, 'active'>

/** What the live lane needs of the connections of this relay. */
export interface Ears {
  /** What a connection hears now; nothing, if it has ended. */
  streamsOf(connectionId: string): ReadonlySet<string>
  connectionsOf(userId: string): Iterable<string>
  tellTyping(roomId: string, frames: TypingFrames): void
  tellPresence(connectionIds: readonly string[], people: PersonPresence[]): void
}

export interface Live {
  /** A connection came; it hears nothing yet. */
  opened(connected: Connected): void
  /** It hears all of its rooms from here on, and counts. */
  joined(connected: Connected): void
  /** A sign of life of the other end; more seldom than every PRESENCE_TTL_MS it counts no more. */
  heard(connected: Connected): void
  ended(connected: Connected): void
  /** @throws ProtocolError `room-not-found`, `not-a-member` [S11] */
  typing(connected: Connected, typing: Typing): Promise<void>
  /** Of all whom the connection watches now, those whom it may know of. */
  presence(connected: Connected, presence: Presence): Promise<PersonPresence[]>
  /** Of these users, those who are connected to be seen. */
  present(userIds: readonly string[]): Promise<PresentMember[]>
  /**
   * What a commit changed. To be called with one after the other, when the connections have been moved.
   * @param moved those who joined or left rooms by it
   */
  told(changes: Told, moved: Iterable<string>): void
  stop(): Promise<void>
}

export interface LiveParts {
  ears: Ears
  entries: PresenceEntries
  facts: LiveFacts
  now: Clock
  timer: Timer
  log: Log
}

export function createLive({ ears, entries, facts, now, timer, log }: LiveParts): Live {
  const people = new People(facts, now)
  const typing = new RoomsTyping({ now, timer, tell: (news) => ears.tellTyping(news.roomId, typingFrames(news)) })
  const presence = new PresenceDesk({
    entries,
    people,
    streamsOf: (connectionId) => ears.streamsOf(connectionId),
    tell: (connectionIds, told) => ears.tellPresence(connectionIds, told),
    timer,
    log
  })

  const hears = (connectionId: string, roomId: string): boolean => ears.streamsOf(connectionId).has(roomStream(roomId))

  /** Nobody waits for it: who is there may be known a little late. */
  function later(work: Promise<void>): void {
    work.catch((error: unknown) => log.warn('who is there could not be noted', { error }))
  }

  /** Takes back where somebody types who is not to be seen there any more. */
  function checkTyping(userId: string): void {
    const isUnseen = people.availability(userId) === 'invisible'
    for (const connectionId of ears.connectionsOf(userId)) {
      for (const place of typing.placesOf(connectionId)) {
        if (isUnseen || !hears(connectionId, place.roomId)) typing.unset(place)
      }
    }
  }

  /** [S14.3] It counts at once. */
  function chose(userId: string | undefined, availability: Availability = 'auto'): void {
    if (userId === undefined) return
    people.chose(userId, availability)
    checkTyping(userId)
    presence.chose(userId)
  }

  return {
    opened: (connected) => presence.opened(connected),
    joined: ({ connectionId }) => later(presence.joined(connectionId)),
    heard: ({ connectionId }) => later(presence.heard(connectionId)),
    ended({ connectionId }) {
      for (const place of typing.placesOf(connectionId)) typing.unset(place)
      later(presence.ended(connectionId))
    },

    async typing({ connectionId, userId }, { roomId, typing: isTyping }) {
      if (!hears(connectionId, roomId)) await facts.requireReader(userId, roomId)
      const place = { roomId, userId, connectionId }
      if (!isTyping) return typing.unset(place)
      await people.loadAvailability([userId])
      // Asked last, and not waited for: somebody may have left, gone or become invisible meanwhile.
      if (people.availability(userId) !== 'invisible' && hears(connectionId, roomId)) typing.set(place)
    },

    presence: ({ connectionId }, said) => presence.say(connectionId, said),
    present: (userIds) => presence.present(userIds),

    told(changes, moved) {
      for (const { stream, records } of changes) {
        for (const record of records) {
          // An edit, or a deletion, of what was said before ends nothing.
          const isNew = record.type === 'message' && record.editedAt === undefined && record.deletedAt === undefined
          if (isNew) typing.end(record.roomId, record.authorId)
          if (record.type === 'preferences') chose(userOfStream(stream), record.availability)
        }
      }
      for (const userId of moved) {
        people.moved(userId)
        checkTyping(userId)
        presence.moved(userId)
      }
    },

    async stop() {
      typing.stop()
      await presence.stop()
      await entries.close()
    }
  }
}
