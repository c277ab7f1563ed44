// Who and what fits a few typed signs, best first: people by name and username, rooms by name and topic. Pure.
import { bestRank, seek } from './hangul.ts'

/** The ones whose words fit what was written, best first, equals in the given order; all of them for nothing written. */
export function findBy<Each>(
  all: readonly Each[],
  text: string,
  wordsOf: (each: Each) => readonly string[]
): readonly Each[] {
  const sought = seek(text)
  if (!sought) return all
  return all
    .flatMap((each) => {
      const rank = bestRank(wordsOf(each), sought)
      return rank === null ? [] : [{ each, rank }]
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ each }) => each)
}

/** By name, initial consonants (초성) or username; an `@` in front is how people write those. */
export function findPeople<Each extends { name: string; username: string }>(
  people: readonly Each[],
  text: string
): readonly Each[] {
  return findBy(people, text.trim().replace(/^@/, ''), ({ name, username }) => [name, username])
}
