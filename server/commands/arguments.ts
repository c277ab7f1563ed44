// What the relay's program is asked to do: its arguments, parsed once, and the text of --help.
import { SETTINGS, StartError } from '../config.ts'
import { parseAdminArguments } from './admin-arguments.ts'
import type { AdminCommand } from './admin-arguments.ts'

export type Command =
  | { name: 'start'; invite: boolean }
  | { name: 'help' }
  | { name: 'version' }
  | { name: 'verify'; directory?: string }
  | { name: 'backup'; directory: string }
  | { name: 'restore'; directory: string; anyway: boolean }
  | { name: 'admin'; command: AdminCommand }

const SEE_HELP = 'npm run relay -- --help tells what there is.'

/** @throws StartError with a sentence for an argument that is unknown, missing or too many */
export function parseArguments(args: readonly string[]): Command {
  if (args[0] === 'admin') return { name: 'admin', command: parseAdminArguments(args.slice(1)) }
  if (args.includes('--help') || args.includes('-h')) return { name: 'help' }
  const options = args.filter((arg) => arg.startsWith('-'))
  const [name = 'start', ...operands] = args.filter((arg) => !arg.startsWith('-'))
  const allow = (...allowed: string[]): void => {
    const unknown = options.find((option) => !allowed.includes(option))
    if (unknown !== undefined) throw new StartError(`${unknown} is no argument of ${whose(name)}; ${SEE_HELP}`)
  }
  switch (name) {
    case 'start':
      if (args.includes('start')) break
      if (options.length === 1 && options[0] === '--version') return { name: 'version' }
      allow('--invite')
      return { name, invite: options.includes('--invite') }
    case 'verify': {
      allow()
      const directory = operands.length === 0 ? undefined : one(name, operands)
      return directory === undefined ? { name } : { name, directory }
    }
    case 'backup':
      allow()
      return { name, directory: one(name, operands) }
    case 'restore':
      allow('--anyway')
      return { name, directory: one(name, operands), anyway: options.includes('--anyway') }
  }
  throw new StartError(`${name} is no command of the relay; ${SEE_HELP}`)
}

function whose(name: string): string {
  return name === 'start' ? 'the relay' : name
}

function one(name: string, operands: readonly string[]): string {
  const [directory] = operands
  if (directory === undefined || directory === '') throw new StartError(`${name} needs a directory; ${SEE_HELP}`)
  if (operands.length > 1) throw new StartError(`${name} takes one directory, not ${operands.length}; ${SEE_HELP}`)
  return directory
}

export function helpText(): string {
  const settings = Object.entries(SETTINGS).map(([name, { otherwise, what }]) => {
    return `  ${name.padEnd(16)} ${what}${otherwise === '' ? '' : ` (${otherwise})`}`
  })
  return `Maru's relay. Its settings are environment variables; docs/operations.md tells more.

  npm run relay                              starts the relay
  npm run relay -- --invite                  the same, and prints a new invite
  npm run relay -- verify [<directory>]      checks the data, or a backup, and names what is wrong
  npm run relay -- backup <directory>        copies the data into a new directory; the relay may go on running
  npm run relay -- restore <directory>       puts a backup into an empty DATA_DIR; --anyway: a damaged one too
  npm run relay -- admin …                   people, devices, rooms, invites, a forgotten password: admin --help tells more
  npm run relay -- --version

Settings, and what they are if they are not set:

${settings.join('\n')}
`
}
