// Where and as whom somebody was last signed in on this device, so that coming back is a password and no more.
import { z } from 'zod'

const KEY = 'maru.last-sign-in'

const lastSignInSchema = z.object({ relayUrl: z.string(), username: z.string() })
export type LastSignIn = z.infer<typeof lastSignInSchema>

/** Null where nobody was, or when what is kept cannot be read. */
export function loadLastSignIn(storage: Pick<Storage, 'getItem'>): LastSignIn | null {
  try {
    return lastSignInSchema.nullable().parse(JSON.parse(storage.getItem(KEY) ?? 'null'))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

export function saveLastSignIn(storage: Pick<Storage, 'setItem'>, last: LastSignIn): void {
  storage.setItem(KEY, JSON.stringify(last))
}
