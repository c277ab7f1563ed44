// The DNS records by which a network is told of a relay (RFC 6763), and what of others' packets concerns them. Sends nothing.
import type { Answer, Question } from 'dns-packet'
import type { LanText } from '../../protocol/lan.ts'
import { LAN_SERVICE_TYPE } from '../../protocol/lan.ts'

const TYPE = `_${LAN_SERVICE_TYPE}._tcp.local`
/** By which all types of services are listed (RFC 6763, 9). */
const ALL_TYPES = '_services._dns-sd._udp.local'
/** A relay that goes without a word is forgotten after this long. */
const TTL_S = 120
/** Of one part of a DNS name, in UTF-8. */
const MAX_LABEL_BYTES = 63

export interface LanRecords {
  /** The full name of this relay's service. */
  instance: string
  service: Answer
  all: Answer[]
  /** The same, to be forgotten at once. */
  goodbye: Answer[]
}

export interface Told {
  label: string
  address: string
  port: number
  text: LanText
}

export function recordsOf({ label, address, port, text }: Told): LanRecords {
  const instance = `${label}.${TYPE}`
  // Of this machine's own name nothing is told.
  const target = `maru-${text.id}.local`
  const own = { ttl: TTL_S, class: 'IN', flush: true } as const
  const service: Answer = { ...own, name: instance, type: 'SRV', data: { port, target } }
  const words = Object.entries(text).map(([key, value]) => `${key}=${value}`)
  const all: Answer[] = [
    { name: TYPE, type: 'PTR', ttl: TTL_S, class: 'IN', data: instance },
    service,
    { ...own, name: instance, type: 'TXT', data: words },
    { ...own, name: target, type: 'A', data: address },
    { name: ALL_TYPES, type: 'PTR', ttl: TTL_S, class: 'IN', data: TYPE }
  ]
  // Others of the type may go on.
  const goodbye = all.slice(0, -1).map((record) => ({ ...record, ttl: 0 }) as Answer)
  return { instance, service, all, goodbye }
}

/**
 * A name as one part of a DNS name: no dots, no control characters, at most 63 bytes.
 * @param suffix tells it from others of the name; empty for none
 */
export function serviceLabel(name: string, suffix: string): string {
  const end = suffix === '' ? '' : ` (${suffix})`
  const words = name
    .replaceAll(/[\p{C}.\s]+/gu, ' ')
    .trim()
    .normalize('NFC')
  let label = words === '' ? 'Maru' : words
  while (Buffer.byteLength(label + end) > MAX_LABEL_BYTES) label = Array.from(label).slice(0, -1).join('')
  return label.trim() + end
}

export function isAsked({ name, type }: Question, records: LanRecords): boolean {
  return records.all.some((record) => sameName(record.name, name) && (type === record.type || type === anyType))
}
const anyType: string = 'ANY'

/** Whether somebody else calls a service by this relay's name. */
export function tellsOfAnother(told: readonly Answer[], { instance, service }: LanRecords): boolean {
  return told.some(
    (record) =>
      record.type === 'SRV' &&
      record.ttl !== 0 &&
      sameName(record.name, instance) &&
      targetOf(record) !== targetOf(service)
  )
}

export function tellsOfItself(told: readonly Answer[], { service }: LanRecords): boolean {
  return told.some((record) => record.type === 'SRV' && targetOf(record) === targetOf(service))
}

function targetOf(record: Answer): string {
  return record.type === 'SRV' ? record.data.target.toLowerCase() : ''
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
