// What follows `admin` on the command line: parsed once.
import { StartError } from '../config.ts'

/** What takes a username, and what takes an id or nothing. */
const OF_USERS = ['reset-password', 'disable', 'enable', 'owner', 'member', 'devices', 'disconnect'] as const
const OF_IDS = ['revoke', 'close-room'] as const
const PLAIN = ['overview', 'users', 'rooms', 'invites', 'audit', 'errors'] as const

type OfUsers = (typeof OF_USERS)[number]
type OfIds = (typeof OF_IDS)[number]
type Plain = (typeof PLAIN)[number]

export type AdminCommand =
  | { act: Plain }
  | { act: OfUsers; username: string }
  | { act: OfIds; id: string }
  | { act: 'invite'; uses?: number; expiresInHours?: number; roomIds: string[] }
  | { act: 'help' }

const SEE_HELP = 'npm run relay -- admin --help tells what there is.'

/** @throws StartError with a sentence for an argument that is unknown, missing or too many */
export function parseAdminArguments(args: readonly string[]): AdminCommand {
  if (args.includes('--help') || args.includes('-h')) return { act: 'help' }
  const [act = 'overview', ...rest] = args
  if (act === 'invite') return parseInvite(rest)
  const option = args.find((arg) => arg.startsWith('-'))
  if (option !== undefined) throw new StartError(`${option} is no argument of admin ${act}; ${SEE_HELP}`)
  if (isOneOf(PLAIN, act)) {
    if (rest.length > 0) throw new StartError(`admin ${act} takes nothing more; ${SEE_HELP}`)
    return { act }
  }
  const [operand] = rest
  if (isOneOf(OF_USERS, act)) {
    if (operand === undefined || rest.length > 1) throw new StartError(`admin ${act} needs one username; ${SEE_HELP}`)
    return { act, username: operand }
  }
  if (isOneOf(OF_IDS, act)) {
    if (operand === undefined || rest.length > 1) throw new StartError(`admin ${act} needs one id; ${SEE_HELP}`)
    return { act, id: operand }
  }
  throw new StartError(`${act} is no command of admin; ${SEE_HELP}`)
}

function parseInvite(args: readonly string[]): AdminCommand {
  const invite: AdminCommand & { act: 'invite' } = { act: 'invite', roomIds: [] }
  for (let index = 0; index < args.length; index += 2) {
    const [option = '', value] = args.slice(index, index + 2)
    if (value === undefined && option.startsWith('--')) throw new StartError(`${option} needs a value; ${SEE_HELP}`)
    if (option === '--uses') invite.uses = wholeNumber(option, value)
    else if (option === '--hours') invite.expiresInHours = wholeNumber(option, value)
    else if (option === '--room') invite.roomIds.push(value ?? '')
    else throw new StartError(`${option} is no argument of admin invite; ${SEE_HELP}`)
  }
  return invite
}

function wholeNumber(option: string, text = ''): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new StartError(`${option} is a whole number from 1 on; ${SEE_HELP}`)
  return Number(text)
}

function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return (list as readonly string[]).includes(text)
}

export function adminHelpText(): string {
  return `What an owner of the relay may do, for whoever runs it. The relay may be running or not; run this as its own user, with the same settings.

  npm run relay -- admin                            version, storage, connections
  npm run relay -- admin users                      everybody, with devices and last use
  npm run relay -- admin devices <username>         somebody's devices
  npm run relay -- admin reset-password <username>  a code that sets a new password once
  npm run relay -- admin disable <username>         signs somebody out and lets them in no more; enable lets in again
  npm run relay -- admin disconnect <username>      ends somebody's connections; they may come again
  npm run relay -- admin owner <username>           makes somebody an owner of the relay; member takes it back
  npm run relay -- admin rooms                      groups and open rooms
  npm run relay -- admin close-room <room id>       closes one for good
  npm run relay -- admin invites                    those that can still be used
  npm run relay -- admin invite [--uses <n>] [--hours <n>] [--room <id of an open room>]...
  npm run relay -- admin revoke <invite id>
  npm run relay -- admin audit                      what owners, and these commands, have done
  npm run relay -- admin errors                     the last errors of a running relay
`
}
