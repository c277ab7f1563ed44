// What `npm run simulate` is called with.
import { parseArgs } from 'node:util'

export interface Wanted {
  /** How many worlds … */
  seeds: number
  /** … from which one on. */
  seed: number
  /** Goes on after a failure; prints only which rules were broken. */
  survey: boolean
  /** Prints the failing world as it was. */
  whole: boolean
}

/** A sentence instead, if that is nothing that can be done. */
export function parseArguments(args: readonly string[]): Wanted | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        survey: { type: 'boolean', default: false },
        whole: { type: 'boolean', default: false }
      }
    })
    for (const name of ['seeds', 'seed'] as const)
      if (!/^[1-9]\d{0,8}$/.test(values[name])) return `--${name} is a positive integer, and not "${values[name]}".`
    return { ...values, seeds: Number(values.seeds), seed: Number(values.seed) }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
