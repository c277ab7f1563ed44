// Loads the simulation with one deliberate bug in the product's text. Node only; starts a Vite without a port.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer } from 'vite'
import type { Plugin } from 'vite'
import type { Mutant } from './mutants.ts'
import type { makePlan } from './plan.ts'
import type { runPlan } from './run.ts'
import type { Violation } from './violation.ts'

const root = join(import.meta.dirname, '..')

export interface Mutated {
  /** The rule that is broken first in the world of a seed. */
  firstBroken(seed: number): Promise<Violation | null>
  close(): Promise<void>
}

/** @throws if what the mutant replaces is not there exactly once */
export async function loadMutated(mutant: Mutant): Promise<Mutated> {
  const path = join(root, mutant.file)
  const text = await readFile(path, 'utf8')
  if (text.split(mutant.find).length !== 2) throw new Error(`${mutant.file} does not hold it once: ${mutant.find}`)
  const plugin: Plugin = {
    name: 'deliberate-bug',
    enforce: 'pre',
    transform: (code, id) => (id === path ? code.replace(mutant.find, () => mutant.put) : undefined)
  }
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [plugin]
  })
  const plans = (await server.ssrLoadModule('/simulation/plan.ts')) as { makePlan: typeof makePlan }
  const runs = (await server.ssrLoadModule('/simulation/run.ts')) as { runPlan: typeof runPlan }
  return {
    firstBroken: async (seed) => (await runs.runPlan(plans.makePlan(seed))).broken,
    close: async () => server.close()
  }
}
