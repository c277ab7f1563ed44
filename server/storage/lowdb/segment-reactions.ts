// The reactions of one segment: its document's list, and where in it the reactions to a message are. Reads and writes no file.
import type { ReactionRecord } from '../../../protocol/records.ts'

/** Of one user's reactions to one message: emoji → place in the list. */
type Places = Map<string, number>

export class SegmentReactions {
  readonly #list: ReactionRecord[]
  /** messageId → userId → emoji → place in the list. */
  readonly #places = new Map<string, Map<string, Places>>()
  /** At most the lowest rev here: the one that had it may have taken a higher one since. */
  minRev = Infinity
  maxRev = 0

  /** @param list the document's, which `set` changes */
  constructor(list: ReactionRecord[]) {
    this.#list = list
    for (const [place, reaction] of list.entries()) this.#note(reaction, place)
  }

  /** Takes a reaction in place of its former version, which is returned. */
  set(reaction: ReactionRecord): ReactionRecord | undefined {
    const place = this.#places.get(reaction.messageId)?.get(reaction.userId)?.get(reaction.emoji)
    this.#note(reaction, place ?? this.#list.length)
    if (place === undefined) {
      this.#list.push(reaction)
      return undefined
    }
    const former = this.#list[place]
    this.#list[place] = reaction
    return former
  }

  /** One user's reactions to a message, also those that are not set; in no order. */
  by(messageId: string, userId: string): ReactionRecord[] {
    return this.#at(this.#places.get(messageId)?.get(userId))
  }

  /** Those that are set on a message; in no order. */
  setOn(messageId: string): ReactionRecord[] {
    const users = this.#places.get(messageId)
    return users ? [...users.values()].flatMap((places) => this.#at(places)).filter(({ set }) => set) : []
  }

  /** All with a rev above `rev`; in no order. */
  above(rev: number): ReactionRecord[] {
    return this.maxRev > rev ? this.#list.filter((reaction) => reaction.rev > rev) : []
  }

  #at(places: Places | undefined): ReactionRecord[] {
    return [...(places?.values() ?? [])].flatMap((place) => this.#list[place] ?? [])
  }

  #note({ messageId, userId, emoji, rev }: ReactionRecord, place: number): void {
    const users = this.#places.get(messageId) ?? new Map<string, Places>()
    const places: Places = users.get(userId) ?? new Map<string, number>()
    this.#places.set(messageId, users.set(userId, places.set(emoji, place)))
    this.minRev = Math.min(this.minRev, rev)
    this.maxRev = Math.max(this.maxRev, rev)
  }
}
