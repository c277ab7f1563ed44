// What a relay left behind, for tests that spoil copies of it: once stopped, once as if killed before it wrote its documents.
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Operation } from '../../../../protocol/operations.ts'
import { userStream } from '../../../../protocol/streams.ts'
import { newId } from '../../../../protocol/values.ts'
import { TestRelay } from '../../../testing/relay-kit.ts'
import { invite, withoutRev } from '../../contract/fixtures.ts'
import { picture } from '../../contract/pictures.ts'
import type { Finding } from '../../verified-facts.ts'
import { verify } from '../verify.ts'
import { copyOf } from './damage.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'

export interface Findings {
  findings: Finding[]
  notes: string[]
  counts: unknown
}

export async function findingsIn(directory: string): Promise<Findings> {
  const findings: Finding[] = []
  const notes: string[] = []
  const { counts } = await verify({
    directory,
    report: (finding) => void findings.push(finding),
    note: (line) => void notes.push(line)
  })
  return { findings, notes, counts }
}

export class RelayLeft {
  readonly stopped: string
  readonly killed: string
  readonly roomId: string
  /** A user's file. */
  readonly ofKim: string
  /** The file of that user's picture. */
  readonly pictureOfKim: string
  readonly #copies: string[]
  readonly #relay: TestRelay

  private constructor(relay: TestRelay, left: { stopped: string; killed: string; roomId: string; kimId: string }) {
    this.stopped = left.stopped
    this.killed = left.killed
    this.roomId = left.roomId
    this.ofKim = `users/${left.kimId}.json`
    this.pictureOfKim = `avatars/${left.kimId}.json`
    this.#copies = [left.stopped, left.killed]
    this.#relay = relay
  }

  /** Two people, a room of 602 messages with an edit, a reaction, replies and a read mark; a picture, a block, preferences, an invite. */
  static async make(): Promise<RelayLeft> {
    const relay = await TestRelay.start()
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const device = await relay.connect(kim)
    const roomId = await device.createRoom(lee)
    const first = newId()
    await device.send(roomId, 'first', first)
    const killed = await copyOf(relay.dataDir)
    const reply = { type: 'message.send', roomId, body: 'x', sentAt: SENT_AT, replyTo: first } as const
    const send = (): Operation => ({ ...reply, messageId: newId() })
    for (let batch = 0; batch < 6; batch++) {
      const answers = await device.apply(...Array.from({ length: 100 }, send))
      device.settled = answers.at(-1)?.n ?? 0
    }
    await device.accepted({ type: 'message.edit', roomId, messageId: first, body: 'edited' })
    await device.accepted({ type: 'reaction.set', roomId, messageId: first, emoji: '👍', set: true })
    await device.accepted({ type: 'read.mark', roomId, seq: 100 })
    const { storage } = relay.relay
    await storage.commit(['users', userStream(kim.user.id)], async (draft) => {
      const face = picture(1)
      await draft.put('users', { ...withoutRev(kim.user), avatar: face.hash })
      draft.putAvatar(kim.user.id, face)
      await draft.put(userStream(kim.user.id), { type: 'block', userId: lee.user.id, set: true })
      await draft.put(userStream(kim.user.id), { type: 'preferences', availability: 'dnd' })
      draft.putInvite(invite(1, { createdBy: kim.user.id, roomIds: [roomId] }))
    })
    await relay.relay.stop()
    return new RelayLeft(relay, { stopped: await copyOf(relay.dataDir), killed, roomId, kimId: kim.user.id })
  }

  /** A file of the room. */
  inRoom(name: string): string {
    return `rooms/${this.roomId}/${name}`
  }

  async copy(of: string): Promise<string> {
    const copy = await copyOf(of)
    this.#copies.push(copy)
    return copy
  }

  async dispose(): Promise<void> {
    await this.#relay.stop()
    for (const copy of this.#copies) await rm(dirname(copy), { recursive: true, force: true })
  }
}
