// What happened in a world, in order, for people: short, with names in place of ids.
import { createHash } from 'node:crypto'

export interface Trace {
  add(who: string, text: string): void
  /** Gives an id a name; ids without one are called by a number. */
  name(id: string, name: string): void
  lines(last?: number): string[]
  /** The same for the same run, whatever ids it drew. */
  hash(): string
}

/** Numbers that every start of a relay draws anew, by a real random number. */
const EPOCH = /\b1\d{12,15}\b/g
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** @param now virtual time in ms */
export function createTrace(now: () => number): Trace {
  const start = now()
  const events: [ms: number, who: string, text: string][] = []
  const names = new Map<string, string>()
  let unnamed = 0

  const nameOf = (id: string): string => {
    const known = names.get(id)
    if (known !== undefined) return known
    unnamed += 1
    const name = `#${unnamed}`
    names.set(id, name)
    return name
  }
  const epochs = new Map<string, string>()
  const epochOf = (epoch: string): string => {
    const known = epochs.get(epoch) ?? `"epoch ${epochs.size + 1}"`
    epochs.set(epoch, known)
    return known
  }
  const line = ([ms, who, text]: (typeof events)[number]): string =>
    `${(ms / 1_000).toFixed(3).padStart(9)}  ${who.padEnd(10)} ${text.replaceAll(UUID, nameOf).replaceAll(EPOCH, epochOf)}`

  return {
    add: (who, text) => void events.push([now() - start, who, text]),
    name: (id, name) => void names.set(id, name),
    lines: (last = Infinity) => {
      const all = events.map(line)
      return last === Infinity ? all : all.slice(-last)
    },
    hash: () => {
      const hash = createHash('sha256')
      for (const event of events) hash.update(line(event)).update('\n')
      return hash.digest('hex')
    }
  }
}
