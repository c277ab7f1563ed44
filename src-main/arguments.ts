// The app's own command line: `--relay=http://…` and `--token-in-file`. Chromium reads the rest, `--user-data-dir` among it.
import { z } from 'zod'

export interface AppArguments {
  /** An origin to offer on the first screen. */
  suggestedRelay?: string
  /** The person accepts that the session's token lies unencrypted in the profile. */
  tokenInFile: boolean
}

const relaySchema = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)

/** Arguments that mean nothing here, and a relay that is no http(s) address, are passed over. */
export function parseArguments(argv: readonly string[]): AppArguments {
  const last = argv.findLast((each) => each.startsWith('--relay='))?.slice('--relay='.length)
  const relay = relaySchema.safeParse(last)
  return {
    ...(relay.success ? { suggestedRelay: relay.data } : {}),
    tokenInFile: argv.includes('--token-in-file')
  }
}
