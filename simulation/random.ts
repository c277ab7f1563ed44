// Random choices from the numbers that a seed decides.
import { seededRandom } from '../src-renderer/sync/testing/seeded-random.ts'

export interface Random {
  /** As `Math.random`. */
  next: () => number
  /** From 0 up to, and without, `below`. */
  integer(below: number): number
  pick<T>(choices: readonly T[]): T
  /** By weight. */
  weighted<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T
  chance(of: number): boolean
}

export function createRandom(seed: number): Random {
  const next = seededRandom(seed)
  const integer = (below: number): number => Math.floor(next() * below)
  return {
    next,
    integer,
    pick: (choices) => {
      const choice = choices[integer(choices.length)]
      if (choice === undefined) throw new Error('nothing to choose from')
      return choice
    },
    weighted: (weights) => {
      const entries = Object.entries<number>(weights as Record<string, number>)
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        left -= weight
        if (left < 0) return name as keyof typeof weights
      }
      throw new Error('there is no weight')
    },
    chance: (of) => next() < of
  }
}
