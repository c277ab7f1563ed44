// Each deliberate bug is found within so many worlds: the simulation would notice if somebody made it.
import { expect, test } from 'vitest'
import { loadMutated } from './mutated.ts'
import { MUTANTS } from './mutants.ts'

/** In how many worlds a bug has to show itself. */
const MOST_SEEDS = 100

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'found: %s',
  { timeout: 120_000 },
  async (_, mutant) => {
    const simulation = await loadMutated(mutant)
    try {
      const first = mutant.seed ?? 1
      let seed = first
      while (seed < first + MOST_SEEDS && (await simulation.firstBroken(seed)) === null) seed += 1
      expect(seed).toBeLessThan(first + MOST_SEEDS)
    } finally {
      await simulation.close()
    }
  }
)
