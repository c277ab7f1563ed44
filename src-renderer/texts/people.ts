// Puts people into the order of their names.

import type { AvatarColor } from '../../protocol/values.ts'

interface Someone {
  id: string
  displayName: string
  username: string
  color?: AvatarColor | undefined
  avatar?: string | undefined
  status?: string | undefined
}

export interface ListedPerson {
  id: string
  name: string
  username: string
  color: AvatarColor | undefined
  avatar: string | undefined
  status: string | undefined
}

/** Everybody of `users` but the ids in `without`, sorted by name (가나다) in the given language. */
export function listPeople(users: Iterable<Someone>, without: ReadonlySet<string>, locale: string): ListedPerson[] {
  const collator = new Intl.Collator(locale, { numeric: true })
  return [...users]
    .filter(({ id }) => !without.has(id))
    .map(({ id, displayName, username, color, avatar, status }) => ({
      id,
      name: displayName,
      username,
      color,
      avatar,
      status
    }))
    .toSorted((a, b) => collator.compare(a.name, b.name))
}
