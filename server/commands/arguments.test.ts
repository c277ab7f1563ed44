import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SETTINGS, StartError } from '../config.ts'
import { helpText, parseArguments } from './arguments.ts'

const OPERATIONS = new URL('../../docs/operations.md', import.meta.url)

describe('the arguments of the relay', () => {
  it.each<[string, unknown]>([
    ['', { name: 'start', invite: false }],
    ['--invite', { name: 'start', invite: true }],
    ['--help', { name: 'help' }],
    ['backup --help', { name: 'help' }],
    ['--version', { name: 'version' }],
    ['verify', { name: 'verify' }],
    ['verify old', { name: 'verify', directory: 'old' }],
    ['backup new', { name: 'backup', directory: 'new' }],
    ['restore old', { name: 'restore', directory: 'old', anyway: false }],
    ['admin', { name: 'admin', command: { act: 'overview' } }],
    ['admin disable kim', { name: 'admin', command: { act: 'disable', username: 'kim' } }],
    ['admin --help', { name: 'admin', command: { act: 'help' } }],
    ['restore old --anyway', { name: 'restore', directory: 'old', anyway: true }]
  ])('%s', (line, expected) => {
    expect(parseArguments(line.split(' ').filter(Boolean))).toEqual(expected)
  })

  it.each([
    ['frobnicate', 'frobnicate is no command of the relay; '],
    ['start', 'start is no command of the relay; '],
    ['--port=1', '--port=1 is no argument of the relay; '],
    ['--invite --version', '--version is no argument of the relay; '],
    ['verify --invite', '--invite is no argument of verify; '],
    ['backup', 'backup needs a directory; '],
    ['backup a b', 'backup takes one directory, not 2; '],
    ['verify a b', 'verify takes one directory, not 2; '],
    ['restore', 'restore needs a directory; '],
    ['backup x --anyway', '--anyway is no argument of backup; ']
  ])('%s is refused in a sentence', (line, expected) => {
    const parse = () => parseArguments(line.split(' '))
    expect(parse).toThrow(StartError)
    expect(parse).toThrow(`${expected}npm run relay -- --help tells what there is.`)
  })

  it('--help names every setting, and so does docs/operations.md', () => {
    const documented = [...readFileSync(OPERATIONS, 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
    const help = [...helpText().matchAll(/^ {2}([A-Z_]+) /gm)].map(([, name]) => name)
    expect(help).toEqual(Object.keys(SETTINGS))
    expect(new Set(documented)).toEqual(new Set(help))
  })
})
