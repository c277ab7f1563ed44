// What one person's databases on one relay are called. Must not import RxDB: it is used before that is loaded.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { DeviceRow } from './schemas.ts'

/** The row of the own database's `device` that tells the generation of the records. */
export const GENERATION_KEY = 'records'

export interface DatabaseNames {
  own: string
  records: (generation: number) => string
  /** What the names of all generations of the records begin with, and no other person's. */
  allRecords: string
}

export function databaseNames(relayId: string, userId: string): DatabaseNames {
  const person = sha256Hex(`${relayId}\n${userId}`).slice(0, 32)
  const allRecords = `maru-records-${person}-`
  return { own: `maru-own-${person}`, records: (generation) => `${allRecords}${generation}`, allRecords }
}

/** The generation of the records that this device uses; 0 at first. */
export function generationIn(rows: readonly DeviceRow[]): number {
  return rows.find(({ key }) => key === GENERATION_KEY)?.generation ?? 0
}

export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}
