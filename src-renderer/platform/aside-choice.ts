// To whom alone the unsent words of a room are meant, kept on this device beside them: words for a few must not come back as words for everybody.

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface RoomOfPerson {
  userId: string
  roomId: string
}

const keyOf = ({ userId, roomId }: RoomOfPerson): string => `maru.aside.${userId} ${roomId}`

/** Ids of users; null for everybody. */
export function loadAsideChoice(storage: Kept, whose: RoomOfPerson): readonly string[] | null {
  const kept = storage.getItem(keyOf(whose))
  return kept ? kept.split(' ') : null
}

export function saveAsideChoice(storage: Kept, whose: RoomOfPerson, userIds: readonly string[] | null): void {
  if (userIds === null || userIds.length === 0) storage.removeItem(keyOf(whose))
  else storage.setItem(keyOf(whose), userIds.join(' '))
}

/** All that one person has chosen here. */
export function forgetAsideChoices(storage: Pick<Storage, 'key' | 'length' | 'removeItem'>, userId: string): void {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
  for (const key of keys) if (key.startsWith(keyOf({ userId, roomId: '' }))) storage.removeItem(key)
}
