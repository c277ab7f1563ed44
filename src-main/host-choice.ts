// Whether and how this app hosts a relay, kept in a small file. Knows nothing of the relay itself.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { MAX_LAN_NAME_CHARS } from '../protocol/lan.ts'
import { writeWhole } from './whole-file.ts'

const hostOptionsSchema = z.object({
  address: z.string().min(1).max(255),
  /** 0 would be another one at each start: links that were handed out name it. */
  port: z.number().int().min(1).max(65_535),
  name: z.string().trim().min(1).max(MAX_LAN_NAME_CHARS)
})
const choiceSchema = hostOptionsSchema.extend({ on: z.boolean() })

/** What the person has chosen in the page. */
export const hostOptionsArgument = z.strictObject(hostOptionsSchema.shape)
export type HostOptions = z.infer<typeof hostOptionsSchema>
export type HostChoice = z.infer<typeof choiceSchema>

export interface KeptHostChoice {
  /** Null: nothing was ever chosen, or it cannot be read; then nothing is hosted until the person says so again. */
  load(): HostChoice | null
  /** Rejects when it could not be written. */
  save(choice: HostChoice): Promise<void>
}

export function keepHostChoice(path: string, onProblem: (problem: unknown) => void): KeptHostChoice {
  return {
    load() {
      try {
        return choiceSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          onProblem(new Error(`${path} cannot be read; no relay is started`, { cause: error }))
        return null
      }
    },
    save: async (choice) => writeWhole(path, `${JSON.stringify(choice, null, 2)}\n`)
  }
}
