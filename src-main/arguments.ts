// The app's own command line: `--relay=http://…`, `--hidden` and `--token-in-file`. Chromium reads the rest, `--user-data-dir` among it.
import { z } from 'zod'

/** Started by the system, not by the person: there is nothing to show yet. */
export const HIDDEN_ARGUMENT = '--hidden'

export interface AppArguments {
  /** An origin to offer on the first screen. */
  suggestedRelay?: string
  /** The person accepts that the session's token lies unencrypted in the profile. */
  tokenInFile: boolean
  /** Into the tray, where there is one. */
  hidden: boolean
}

const relaySchema = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)

/** Arguments that mean nothing here, and a relay that is no http(s) address, are passed over. */
export function parseArguments(argv: readonly string[]): AppArguments {
  const last = argv.findLast((each) => each.startsWith('--relay='))?.slice('--relay='.length)
  const relay = relaySchema.safeParse(last)
  return {
    ...(relay.success ? { suggestedRelay: relay.data } : {}),
    tokenInFile: argv.includes('--token-in-file'),
    hidden: argv.includes(HIDDEN_ARGUMENT)
  }
}
