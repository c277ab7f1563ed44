// Each rule of the import tables is shown to hold: one import that it allows, one that it refuses.
import { describe, expect, it } from 'vitest'
import { problemWith, specifiersOf } from './import-zones.mjs'

/** @param {string} file @param {string} specifier */
const check = (file, specifier) => problemWith(file, specifier, (path) => /\.\w+$/.test(path))

/** @type {[rule: string, file: string, allowed: string, refused: string][]} */
const folderRules = [
  ['protocol imports nothing of ours', 'protocol/rest.ts', './limits.ts', '../server/config.ts'],
  ['the relay does not import the client', 'server/relay.ts', '../protocol/rest.ts', '../src-renderer/services.ts'],
  ['the client does not import the relay', 'src-renderer/main.tsx', '../protocol/rest.ts', '../server/config.ts'],
  ['http sees the domain, not storage', 'server/http/rooms.ts', '../domain/rooms.ts', '../storage/port.ts'],
  ['http does not see the socket', 'server/http/rooms.ts', './problem.ts', '../socket/push.ts'],
  ['the socket sees the domain, not storage', 'server/socket/push.ts', '../domain/push.ts', '../storage/port.ts'],
  ['the socket does not see http', 'server/socket/push.ts', './welcome.ts', '../http/rooms.ts'],
  [
    'the domain sees the storage port, not the doors',
    'server/domain/rooms.ts',
    '../storage/port.ts',
    '../http/rooms.ts'
  ],
  ['the domain does not name a driver', 'server/domain/rooms.ts', '../storage/port.ts', '../storage/lowdb/open.ts'],
  ['the storage port does not name a driver', 'server/storage/port.ts', './contract.ts', './lowdb/open.ts'],
  ['storage does not see the domain', 'server/storage/lowdb/open.ts', '../port.ts', '../../domain/rooms.ts'],
  ['parts do not know the whole', 'server/domain/rooms.ts', '../ids.ts', '../relay.ts'],
  ['drivers are named in main and relay', 'server/main.ts', './storage/lowdb/open.ts', '../e2e/fixtures.ts'],
  ['a feature does not see its sibling', 'src-renderer/features/rooms/List.tsx', './Row.tsx', '../profile/Card.tsx'],
  ['a feature does not see sync', 'src-renderer/features/a/A.tsx', '../../store/chat-store.ts', '../../sync/push.ts'],
  [
    'a feature does not see what is for sync',
    'src-renderer/features/a/A.tsx',
    '../../store/chat-store.ts',
    '../../store/sync-store.ts'
  ],
  [
    'a feature does not see what writes records',
    'src-renderer/features/a/A.tsx',
    '../../store/chat-store.ts',
    '../../store/record-rows.ts'
  ],
  [
    'a feature does not see the connection',
    'src-renderer/features/a/A.tsx',
    '../../live/typing.ts',
    '../../connection/socket.ts'
  ],
  ['a feature does not see the composition', 'src-renderer/features/a/A.tsx', '../../services.ts', '../../main.tsx'],
  ['ui knows nobody but the texts', 'src-renderer/ui/Button.tsx', '../texts.ts', '../store/rooms.ts'],
  ['ui does not know the protocol', 'src-renderer/ui/Button.tsx', './Icon.tsx', '../../protocol/records.ts'],
  ['texts know nobody', 'src-renderer/texts/en.ts', './de.ts', '../ui/Button.tsx'],
  ['the store does not see sync', 'src-renderer/store/outbox.ts', '../platform/id.ts', '../sync/push.ts'],
  ['sync does not see live', 'src-renderer/sync/push.ts', '../store/outbox.ts', '../live/typing.ts'],
  ['live never touches the store', 'src-renderer/live/typing.ts', '../connection/socket.ts', '../store/rooms.ts'],
  ['search reads the store only', 'src-renderer/search/index.ts', '../store/rooms.ts', '../connection/socket.ts'],
  [
    'the connection does not see the store',
    'src-renderer/connection/socket.ts',
    '../../protocol/socket.ts',
    '../store/a.ts'
  ],
  ['the platform knows nobody', 'src-renderer/platform/id.ts', './storage.ts', '../store/rooms.ts'],
  [
    'the shell shares the bridge with the client',
    'src-main/a.ts',
    '../src-renderer/platform/bridge.ts',
    '../src-renderer/session.ts'
  ],
  ['the client does not see the shell', 'src-renderer/main.tsx', './platform/bridge.ts', '../src-main/ipc.ts'],
  ['the shell knows no chat', 'src-main/a.ts', './ipc.ts', '../protocol/rest.ts'],
  ['own files are named with their extension', 'protocol/rest.ts', './limits.ts', './limits']
]

/** @type {[rule: string, name: string, allowedIn: string, refusedIn: string][]} */
const packageRules = [
  ['rxdb is the store’s', 'rxdb/plugins/core', 'src-renderer/store/open.ts', 'src-renderer/sync/push.ts'],
  ['rxdb is the store’s, in tests too', 'rxdb', 'src-renderer/store/open.test.ts', 'src-renderer/sync/push.test.ts'],
  ['the socket is the connection’s', 'socket.io-client', 'src-renderer/connection/a.ts', 'src-renderer/live/a.ts'],
  ['the relay is no client but in tests', 'socket.io-client', 'server/socket/a.test.ts', 'server/socket/a.ts'],
  ['lowdb is its driver’s', 'lowdb', 'server/storage/lowdb/open.ts', 'server/domain/rooms.ts'],
  ['express is the relay’s', 'express', 'server/http/app.ts', 'src-renderer/main.tsx'],
  ['react is the client’s', 'react-dom/client', 'src-renderer/main.tsx', 'server/main.ts'],
  ['Electron is the shell’s', 'electron', 'src-main/window.ts', 'src-renderer/main.tsx'],
  ['Node is not in the client', 'node:fs', 'server/main.ts', 'src-renderer/store/open.ts'],
  ['Node is not in the protocol', 'node:fs', 'src-renderer/store/open.test.ts', 'protocol/rest.ts']
]

describe('import zones', () => {
  it.each(folderRules)('%s', (_rule, file, allowed, refused) => {
    expect(check(file, allowed)).toBeUndefined()
    expect(check(file, refused)).toBeTypeOf('string')
  })

  it.each(packageRules)('%s', (_rule, name, allowedIn, refusedIn) => {
    expect(check(allowedIn, name)).toBeUndefined()
    expect(check(refusedIn, name)).toContain('belongs to')
  })

  it('a test of the relay may put any part of it together, but not the client', () => {
    expect(check('server/http/rooms.test.ts', '../storage/lowdb/open.ts')).toBeUndefined()
    expect(check('server/http/rooms.test.ts', '../relay.ts')).toBeUndefined()
    expect(check('server/http/rooms.test.ts', '../../src-renderer/services.ts')).toBeTypeOf('string')
  })

  it('finds every way to name a module, and none in a comment', () => {
    // `%` stands for a quote: this file is checked as well.
    const text = `
      import { a,
        b } from %./several-lines.ts%
      import type { C } from %./type.ts%
      import %./effect.css%
      export * from %./everything.ts%
      export { d } from %./one.ts%
      const late = import(%./late.ts%)
      // import { old } from %./commented.ts%
    `.replaceAll('%', "'")
    expect(specifiersOf(text).toSorted()).toEqual(
      ['./effect.css', './everything.ts', './late.ts', './one.ts', './several-lines.ts', './type.ts'].toSorted()
    )
  })
})
