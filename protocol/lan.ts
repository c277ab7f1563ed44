// How a relay is found on its network: what it announces by DNS-SD, and how its certificate is named. Read by the relay that announces and the app that looks.
import { z } from 'zod'

/** `_maru._tcp` of DNS-SD (RFC 6763). */
export const LAN_SERVICE_TYPE = 'maru'
/** Of the whole of what is announced, so that a stranger's answer stays small. */
export const MAX_LAN_NAME_CHARS = 63
/** So many relays of one network are listed; the rest is passed over. */
export const MAX_FOUND_RELAYS = 50

/** SHA-256 of the certificate's DER, 64 lower-case hexadecimal digits. */
export const fingerprintSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** The TXT record. Anybody on the network may have written it: it is a hint, and nothing is believed of it that was not asked for. */
export const lanTextSchema = z.object({
  /** Of this record. */
  v: z.literal('1'),
  /** The relay's id. */
  id: z.string().min(1).max(64),
  /** Protocol of the relay (SPEC §1), decimal. */
  p: z.string().regex(/^\d{1,4}$/),
  /** Of its certificate; absent where it speaks plain http alone. */
  fp: fingerprintSchema.optional()
})
export type LanText = z.infer<typeof lanTextSchema>
