// Each kind of file spoiled in each way: the verification names the file and what is wrong, and changes nothing.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RelayDocument } from './documents.ts'
import { journalLine, parseJournalLine } from './journal.ts'
import { cutOff, flipBit, hashOf, remove, rewrite } from './testing/damage.ts'
import { findingsIn, RelayLeft } from './testing/relay-left.ts'

let left: RelayLeft
beforeAll(async () => {
  left = await RelayLeft.make()
}, 60_000)
afterAll(() => left.dispose())

const copied = (of: string) => left.copy(of)
const inRoom = (name: string) => () => left.inRoom(name)
const ofKim = () => left.ofKim

/** In the counts, the relay's own log of administrative acts is a room with a message more. */
describe('a verification', () => {
  it('finds nothing wrong with what a relay left that was stopped, and counts it', async () => {
    const { findings, notes, counts } = await findingsIn(left.stopped)
    expect(findings).toEqual([])
    expect(notes).toEqual([])
    expect(counts).toEqual({ users: 2, devices: 2, rooms: 2, messages: 603, reactions: 1 })
  })

  it('takes from the journal what the documents of a killed relay lack', async () => {
    const { findings, counts } = await findingsIn(left.killed)
    expect(findings).toEqual([])
    expect(counts).toEqual({ users: 2, devices: 2, rooms: 2, messages: 3, reactions: 0 })
  })

  it('changes nothing', async () => {
    for (const directory of [left.stopped, left.killed]) {
      const before = await hashOf(directory)
      await findingsIn(directory)
      expect(await hashOf(directory)).toBe(before)
    }
  })

  it('names what is not the relay’s, and takes it for no damage', async () => {
    const copy = await copied(left.stopped)
    await writeFile(join(copy, '.DS_Store'), '')
    await writeFile(join(copy, 'users', `${basename(ofKim())}.next`), 'half')
    await writeFile(join(copy, 'rooms', left.roomId, 'notes.txt'), '')
    const { findings, notes } = await findingsIn(copy)
    expect(findings).toEqual([])
    expect(notes).toEqual([
      ".DS_Store is not the relay's; it is left alone",
      `${ofKim()}.next is left of a write that never came to its end; a start removes it`,
      `rooms/${left.roomId}/notes.txt is not the relay's; it is left alone`
    ])
  })
})

describe('a verification names', () => {
  const files: [string, () => string][] = [
    ['relay.json', () => 'relay.json'],
    ['a user', ofKim],
    ['a picture', () => left.pictureOfKim],
    ['a room', inRoom('room.json')],
    ['reads', inRoom('reads.json')],
    ['a full segment', inRoom('000001.json')],
    ['the last segment', inRoom('000002.json')],
    ['fingerprints', inRoom('000001.ids.json')],
    ['late changes', inRoom('late-000001.json')]
  ]

  it.each(files)('%s in which one bit is another', async (_name, path) => {
    const copy = await copied(left.stopped)
    await flipBit(join(copy, path()))
    const { findings } = await findingsIn(copy)
    expect(findings).toEqual([{ where: path(), what: expect.stringMatching(/checksum|begin as/) }])
  })

  it.each(files)('%s that was cut off', async (_name, path) => {
    const copy = await copied(left.stopped)
    await cutOff(join(copy, path()), 7)
    const { findings } = await findingsIn(copy)
    expect(findings).toEqual([
      { where: path(), what: expect.stringMatching(/bytes, which is not what the relay wrote/) }
    ])
  })

  it.each(files)('%s of another shape', async (_name, path) => {
    const copy = await copied(left.stopped)
    await rewrite(join(copy, path()), (document: Record<string, unknown>) => {
      for (const name of ['covers', 'epochs', 'fingerprints']) if (name in document) document[name] = ['many']
    })
    const { findings } = await findingsIn(copy)
    expect(findings[0]).toEqual({
      where: path(),
      what: expect.stringMatching(/shape that the relay writes: .*expected/)
    })
  })

  it.each<[string, () => string, RegExp]>([
    ['relay.json', () => 'relay.json', /relay\.json is missing/],
    ['a user', ofKim, /users\/.*\.json is missing|member .* is no user of this relay/],
    ['a room', inRoom('room.json'), /rooms\/.*\/room\.json (is missing|there is no room record)/],
    ['how far people have read', inRoom('reads.json'), /rooms\/.*\/reads\.json is missing: of 1/],
    ['the invites', () => 'invites.json', /invites\.json is missing or old/],
    ['a picture', () => left.pictureOfKim, /users\/.*\.json the picture [0-9a-f]{32} of .* is not there/],
    ['a full segment', inRoom('000001.json'), /rooms\/.*\/000001\.json is missing, with the messages 1 to 500/],
    ['the last segment', inRoom('000002.json'), /rooms\/.*\/000002\.json is missing, with the messages 501 to 602/]
  ])('%s that is missing', async (_name, path, expected) => {
    const copy = await copied(left.stopped)
    await remove(join(copy, path()))
    const { findings } = await findingsIn(copy)
    expect(findings.map(({ where, what }) => `${where} ${what}`).join('\n')).toMatch(expected)
  })

  it('the format of a newer relay', async () => {
    const copy = await copied(left.stopped)
    await rewrite(join(copy, 'relay.json'), (relay: RelayDocument) => void (relay.format = 99))
    expect((await findingsIn(copy)).findings).toEqual([
      { where: 'relay.json', what: 'format', expected: expect.any(String), found: '99, of a newer relay' }
    ])
  })

  it('segments that no index knows', async () => {
    const copy = await copied(left.stopped)
    const path = join(copy, inRoom('000001.json')())
    await writeFile(path.replace('000001', '000007'), await readFile(path))
    const { findings } = await findingsIn(copy)
    expect(findings).toContainEqual({ where: inRoom('000007.json')(), what: 'is beyond the last message of the room' })
  })

  describe('in the journal', () => {
    /** The journal's file that holds entries, with its lines. */
    async function journalOf(copy: string): Promise<{ path: string; lines: string[] }> {
      for (const name of (await readdir(join(copy, 'journal'))).toSorted()) {
        const path = join(copy, 'journal', name)
        const lines = (await readFile(path, 'utf8')).split('\n')
        if (lines.length > 3) return { path, lines }
      }
      throw new Error('no file of the journal has entries')
    }
    const where = expect.stringMatching(/^journal\/0\d+\.jsonl$/)

    it('a line that is not what was written', async () => {
      const copy = await copied(left.killed)
      const { path, lines } = await journalOf(copy)
      lines[2] = lines[2]?.replace(/"epoch"/, '"epoph"') ?? ''
      await writeFile(path, lines.join('\n'))
      const { findings } = await findingsIn(copy)
      expect(findings).toEqual([{ where, what: expect.stringMatching(/^line 3 is damaged/) }])
    })

    it('a line that is gone', async () => {
      const copy = await copied(left.killed)
      const { path, lines } = await journalOf(copy)
      await writeFile(path, lines.toSpliced(2, 1).join('\n'))
      const { findings } = await findingsIn(copy)
      expect(findings).toEqual([{ where, what: 'line 3 has entry 3 instead of 2' }])
    })

    it('a change that does not go on where the one before ended', async () => {
      const copy = await copied(left.killed)
      const { path, lines } = await journalOf(copy)
      const at = lines.findLastIndex((line) => line.includes('"body":"first"'))
      const entry = parseJournalLine(lines[at] ?? '')
      if (!entry) throw new Error('the message is in the journal')
      const json = entry.json.replace(/("stream":"room:[^"]*","from":)\d+/, '$17')
      expect(json).not.toBe(entry.json)
      lines[at] = journalLine(entry.number, json).toString('utf8').trimEnd()
      await writeFile(path, lines.join('\n'))
      const { findings } = await findingsIn(copy)
      expect(findings[0]).toMatchObject({
        where: `journal, entry ${entry.number}`,
        what: `[S3] revs of the stream room:${left.roomId}`
      })
    })

    it('a file that is gone', async () => {
      const copy = await copied(left.killed)
      await remove((await journalOf(copy)).path)
      expect((await findingsIn(copy)).findings).not.toEqual([])
    })

    it('a last line that was torn, which a start drops: nobody was told of it', async () => {
      const copy = await copied(left.killed)
      await cutOff((await journalOf(copy)).path, 30)
      const { findings, notes } = await findingsIn(copy)
      expect(findings).toEqual([])
      expect(notes.join('\n')).toMatch(/was not written to its end/)
    })
  })
})
