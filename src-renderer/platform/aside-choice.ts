// To whom alone the unsent words of a room are meant, kept on this device beside them: words for a few must not come back as words for everybody.

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** @param whose which room of which person */
const keyOf = (whose: string): string => `maru.aside.${whose}`

/** Ids of users; null for everybody. */
export function loadAsideChoice(storage: Kept, whose: string): readonly string[] | null {
  const kept = storage.getItem(keyOf(whose))
  return kept ? kept.split(' ') : null
}

export function saveAsideChoice(storage: Kept, whose: string, userIds: readonly string[] | null): void {
  if (userIds === null || userIds.length === 0) storage.removeItem(keyOf(whose))
  else storage.setItem(keyOf(whose), userIds.join(' '))
}
