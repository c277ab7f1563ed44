// Which connections watch whom, and what each was told last [S14.2]. Knows no time and no rule about who may.

export class Watchers {
  /** connectionId → userId → what was told, undefined: nothing */
  readonly #watching = new Map<string, Map<string, string | undefined>>()
  /** userId → connectionIds */
  readonly #watchers = new Map<string, Set<string>>()

  /** Instead of those before; what was told of those who stay is kept. */
  watch(connectionId: string, userIds: Iterable<string>): void {
    const before = this.#watching.get(connectionId)
    const after = new Map([...new Set(userIds)].map((userId) => [userId, before?.get(userId)]))
    for (const userId of before?.keys() ?? []) {
      if (after.has(userId)) continue
      const watchers = this.#watchers.get(userId)
      watchers?.delete(connectionId)
      if (watchers?.size === 0) this.#watchers.delete(userId)
    }
    for (const userId of after.keys()) {
      const watchers = this.#watchers.get(userId) ?? new Set()
      this.#watchers.set(userId, watchers.add(connectionId))
    }
    if (after.size === 0) this.#watching.delete(connectionId)
    else this.#watching.set(connectionId, after)
  }

  /** Whom the connection watches. */
  watched(connectionId: string): string[] {
    return [...(this.#watching.get(connectionId)?.keys() ?? [])]
  }

  /** Of these nothing was told to the connection. */
  untold(connectionId: string): string[] {
    return [...(this.#watching.get(connectionId) ?? [])].flatMap(([userId, told]) => (told === undefined ? userId : []))
  }

  isWatched(userId: string): boolean {
    return this.#watchers.has(userId)
  }

  watchersOf(userId: string): Iterable<string> {
    return this.#watchers.get(userId) ?? []
  }

  told(connectionId: string, userId: string): string | undefined {
    return this.#watching.get(connectionId)?.get(userId)
  }

  /** @param key undefined: what was told counts no more */
  setTold(connectionId: string, userId: string, key: string | undefined): void {
    const watching = this.#watching.get(connectionId)
    if (watching?.has(userId)) watching.set(userId, key)
  }
}
