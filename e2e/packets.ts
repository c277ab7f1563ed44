// Reads what tcpdump has captured on an Ethernet (the pcap format): from whom to whom each packet went. Of what was in it nothing.

export interface Packet {
  kind: 'arp' | 'ipv4' | 'ipv6' | 'other'
  /** Addresses as text; empty where the kind has none. */
  from: string
  to: string
  /** `tcp`, `udp`, `icmp`, or the number of another one. */
  protocol: string
  toPort: number | undefined
  /** Of a question to a name server (port 53): the name; else empty. */
  asks: string
  /** IPv4: how many routers may pass it on. */
  ttl: number | undefined
}

const MAGIC = 0xa1b2c3d4
const FILE_HEADER_BYTES = 24
const PACKET_HEADER_BYTES = 16
const ETHERNET = 1
const ETHERNET_HEADER_BYTES = 14
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }

/** @throws Error if it is no capture of an Ethernet as this machine writes it */
export function readCapture(bytes: Buffer): Packet[] {
  if (bytes.length < FILE_HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC || bytes.readUInt32LE(20) !== ETHERNET) {
    throw new Error('this is no capture of an Ethernet')
  }
  const packets: Packet[] = []
  for (let at = FILE_HEADER_BYTES; at + PACKET_HEADER_BYTES <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 8)
    at += PACKET_HEADER_BYTES
    // One that is not written to its end yet.
    if (at + length > bytes.length) break
    packets.push(packetOf(bytes.subarray(at, at + length)))
    at += length
  }
  return packets
}

const none = { from: '', to: '', protocol: '', toPort: undefined, asks: '', ttl: undefined }

function packetOf(frame: Buffer): Packet {
  const type = frame.readUInt16BE(12)
  const body = frame.subarray(ETHERNET_HEADER_BYTES)
  if (type === 0x0806) return { ...none, kind: 'arp' }
  if (type === 0x0800) {
    const header = ((body[0] ?? 0) & 0x0f) * 4
    return {
      kind: 'ipv4',
      from: [...body.subarray(12, 16)].join('.'),
      to: [...body.subarray(16, 20)].join('.'),
      ttl: body[8],
      ...carried(body[9], body.subarray(header))
    }
  }
  if (type === 0x86dd) {
    return {
      kind: 'ipv6',
      from: ipv6(body.subarray(8, 24)),
      to: ipv6(body.subarray(24, 40)),
      ttl: undefined,
      ...carried(body[6], body.subarray(40))
    }
  }
  return { ...none, kind: 'other' }
}

function carried(number: number | undefined, body: Buffer): Pick<Packet, 'protocol' | 'toPort' | 'asks'> {
  const protocol = PROTOCOLS[number ?? 0] ?? String(number)
  const hasPort = (protocol === 'tcp' || protocol === 'udp') && body.length >= 4
  const toPort = hasPort ? body.readUInt16BE(2) : undefined
  return { protocol, toPort, asks: protocol === 'udp' && toPort === 53 ? questionIn(body.subarray(8)) : '' }
}

/** The name in the first question of a DNS packet, as far as it was captured. */
function questionIn(packet: Buffer): string {
  const labels: string[] = []
  for (let at = 12; at < packet.length;) {
    const length = packet[at] ?? 0
    if (length === 0) break
    labels.push(packet.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return labels.join('.')
}

/** Not shortened. */
function ipv6(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':')
}
