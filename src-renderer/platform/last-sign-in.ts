// Where and as whom somebody was last signed in on this device, so that coming back is a password and no more.
import { z } from 'zod'
import { parsedJson } from './parsed-json.ts'

const KEY = 'maru.last-sign-in'

const lastSignInSchema = z.object({ relayUrl: z.string(), username: z.string() })
export type LastSignIn = z.infer<typeof lastSignInSchema>

/** Null where nobody was, or when what is kept cannot be read. */
export function loadLastSignIn(storage: Pick<Storage, 'getItem'>): LastSignIn | null {
  return lastSignInSchema.safeParse(parsedJson(storage.getItem(KEY) ?? 'null')).data ?? null
}

export function saveLastSignIn(storage: Pick<Storage, 'setItem'>, last: LastSignIn): void {
  storage.setItem(KEY, JSON.stringify(last))
}
