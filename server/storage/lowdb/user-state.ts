// A user with all that hangs on it, in memory and as a document. Knows no file.
import type { BlockRecord, MembershipRecord, PreferencesRecord, UserRecord } from '../../../protocol/records.ts'
import type { Account, Device, StreamChange } from '../port.ts'
import { recordBegin } from './begins.ts'
import type { Begin, UserDocument } from './documents.ts'
import { RevList } from './rev-list.ts'

/** One file. */
export class UserState {
  readonly id: string
  /** Entries up to this number are in the file that was read. */
  readonly covers: number
  user: UserRecord | undefined
  account: Account | undefined
  head: number
  readonly begins: Begin[]
  readonly devices: Map<string, Device>
  /** By room. */
  readonly memberships: Map<string, MembershipRecord>
  /** By the other user. */
  readonly blocks: Map<string, BlockRecord>
  preferences: PreferencesRecord | undefined
  readonly byRev: RevList<MembershipRecord | BlockRecord | PreferencesRecord>
  /** How many are set. */
  blockCount: number

  constructor(id: string, document?: UserDocument) {
    this.id = id
    this.covers = document?.covers ?? 0
    this.user = document?.user ?? undefined
    this.account = document?.account ?? undefined
    this.head = document?.head ?? 0
    this.begins = document?.begins ?? []
    this.devices = new Map(document?.devices.map((device) => [device.id, device]))
    this.memberships = new Map(document?.memberships.map((membership) => [membership.roomId, membership]))
    this.blocks = new Map(document?.blocks?.map((block) => [block.userId, block]))
    this.preferences = document?.preferences
    const preferences = this.preferences ? [this.preferences] : []
    this.byRev = new RevList([...this.memberships.values(), ...this.blocks.values(), ...preferences])
    this.blockCount = [...this.blocks.values()].filter(({ set }) => set).length
  }

  toDocument(covers: number): UserDocument {
    const { user = null, account = null, head, begins, preferences } = this
    const devices = [...this.devices.values()]
    const records = this.byRev.above(0, Infinity)
    const memberships = records.filter((record) => record.type === 'membership')
    const blocks = records.filter((record) => record.type === 'block')
    const document = { covers, user, account, head, begins, devices, memberships, blocks }
    return preferences ? { ...document, preferences } : document
  }

  take({ from, through, records }: StreamChange, epoch: number): void {
    recordBegin(this.begins, epoch, from)
    this.head = through
    for (const record of records) {
      if (record.type === 'membership') {
        this.byRev.put(record, this.memberships.get(record.roomId))
        this.memberships.set(record.roomId, record)
      } else if (record.type === 'block') {
        const former = this.blocks.get(record.userId)
        this.byRev.put(record, former)
        this.blocks.set(record.userId, record)
        this.blockCount += Number(record.set) - Number(former?.set ?? false)
      } else if (record.type === 'preferences') {
        this.byRev.put(record, this.preferences)
        this.preferences = record
      }
    }
  }
}
