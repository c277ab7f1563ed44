// What was found, out of what anybody on the network says: parsed, bounded, forgotten when it is over. Knows no sockets.
import type { Answer } from 'dns-packet'
import { z } from 'zod'
import { LAN_SERVICE_TYPE, lanTextSchema, MAX_FOUND_RELAYS, MAX_LAN_NAME_CHARS } from '../protocol/lan.ts'
import type { LanText } from '../protocol/lan.ts'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'

const TYPE = `_${LAN_SERVICE_TYPE}._tcp.local`
/** A packet that says more is not of a relay. */
const MAX_RECORDS = 100
/** Who says that it lasts longer is asked again all the same. */
const MAX_TTL_S = 75 * 60
const MAX_TEXT_PARTS = 20

const serviceSchema = z.object({ port: z.number().int().min(1).max(65_535), target: z.string().min(1).max(255) })

export interface FoundList {
  /** What one packet says. @param isNear whether an address is in one of this machine's networks */
  told(records: readonly Answer[], isNear: (address: string) => boolean, nowMs: number): void
  expire(nowMs: number): void
}

interface Entry {
  relay: FoundRelay
  expiresAtMs: number
}

/** Calls back when what is found is other than before. */
export function createFoundList(onChange: (found: readonly FoundRelay[]) => void): FoundList {
  /** By the service's name. */
  const entries = new Map<string, Entry>()
  let last = '[]'

  function tell(): void {
    const found = distinct([...entries.values()].map(({ relay }) => relay))
    const text = JSON.stringify(found)
    if (text === last) return
    last = text
    onChange(found)
  }

  return {
    told(records, isNear, nowMs) {
      if (records.length > MAX_RECORDS) return
      for (const record of records) {
        if (record.type !== 'PTR' || !isSame(record.name, TYPE)) continue
        const key = record.data.toLowerCase()
        const ttlS = record.ttl ?? 0
        if (ttlS === 0) {
          entries.delete(key)
          continue
        }
        const relay = relayOf(record.data, records, isNear)
        if (!relay || (!entries.has(key) && entries.size >= MAX_FOUND_RELAYS)) continue
        entries.set(key, { relay, expiresAtMs: nowMs + Math.min(ttlS, MAX_TTL_S) * 1000 })
      }
      tell()
    },
    expire(nowMs) {
      for (const [key, { expiresAtMs }] of entries) if (expiresAtMs <= nowMs) entries.delete(key)
      tell()
    }
  }
}

/** One that is reached by several networks is one. Two that give the same id and show other certificates are two. */
function distinct(found: readonly FoundRelay[]): FoundRelay[] {
  const seen = new Set<string>()
  return found.filter(({ relayId, fingerprint = '' }) => {
    const key = `${relayId} ${fingerprint}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function relayOf(
  instance: string,
  records: readonly Answer[],
  isNear: (address: string) => boolean
): FoundRelay | undefined {
  const name = nameOf(instance)
  const text = textOf(records, instance)
  const service = records.find((record) => record.type === 'SRV' && isSame(record.name, instance))
  const parsed = serviceSchema.safeParse(service?.type === 'SRV' ? service.data : undefined)
  if (name === undefined || text === undefined || !parsed.success) return undefined
  const { target, port } = parsed.data
  const address = records.flatMap((record) =>
    record.type === 'A' && isSame(record.name, target) && isNear(record.data) ? record.data : []
  )[0]
  if (address === undefined) return undefined
  const scheme = text.fp === undefined ? 'http' : 'https'
  return {
    relayId: text.id,
    name,
    url: `${scheme}://${address}:${port}`,
    ...(text.fp === undefined ? {} : { fingerprint: text.fp })
  }
}

/** For a line of a list: without characters that are not seen or turn the line around, and not long. */
function nameOf(instance: string): string | undefined {
  if (!instance.toLowerCase().endsWith(`.${TYPE}`)) return undefined
  const words = instance
    .slice(0, -TYPE.length - 1)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .normalize('NFC')
  return words === '' ? undefined : Array.from(words).slice(0, MAX_LAN_NAME_CHARS).join('')
}

function textOf(records: readonly Answer[], instance: string): LanText | undefined {
  const record = records.find((each) => each.type === 'TXT' && isSame(each.name, instance))
  if (record?.type !== 'TXT') return undefined
  const parts = [record.data].flat()
  if (parts.length > MAX_TEXT_PARTS) return undefined
  const pairs = parts.flatMap((part) => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(part.toString()) ?? []
    return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value] as const]
  })
  // Of a key that is there twice the first counts (RFC 6763, 6.4).
  const parsed = lanTextSchema.safeParse(Object.fromEntries(pairs.toReversed()))
  return parsed.success ? parsed.data : undefined
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
