// What passes between an app that hosts a relay and the relay's process: commands in, tidings out, each one JSON-like message. SPEC knows nothing of it: it
// never crosses a network.
import { z } from 'zod'
import { MAX_LAN_NAME_CHARS } from './lan.ts'

/** Larger is no path. */
const MAX_PATH_CHARS = 4_096
const pathSchema = z.string().min(1).max(MAX_PATH_CHARS)

export const hostStartSchema = z.object({
  /** Where everything is kept, absolute. */
  dataDir: pathSchema,
  /** The folder of the built web client, for browsers; absent: none is served. */
  webRoot: pathSchema.optional(),
  /** The address to listen on: one of this machine's, or 0.0.0.0. */
  address: z.string().min(1).max(255),
  /** 0: any free one. If it is taken, the start fails: links that were handed out name it. */
  port: z.number().int().min(0).max(65_535),
  /** By which people recognise it on their network. */
  name: z.string().min(1).max(MAX_LAN_NAME_CHARS),
  /** Whether it is announced by mDNS. */
  announced: z.boolean()
})
export type HostStart = z.infer<typeof hostStartSchema>

/** `request` comes back with the answer. */
export const hostCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), settings: hostStartSchema }),
  /** After a sleep or a change of networks. */
  z.object({ type: z.literal('announce') }),
  z.object({ type: z.literal('backup'), request: z.number().int(), folder: pathSchema }),
  /** Stores what is in line and ends the process with 0. */
  z.object({ type: z.literal('stop') })
])
export type HostCommand = z.infer<typeof hostCommandSchema>

/** Why a relay could not be started, for a sentence in the person's language; `detail` is for developers. */
export const HOST_PROBLEMS = ['port-in-use', 'address-gone', 'data-in-use', 'data-damaged', 'disk', 'other'] as const
export type HostProblem = (typeof HOST_PROBLEMS)[number]

export const hostTidingsSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    /** As bound. */
    address: z.string(),
    port: z.number().int(),
    relayId: z.string(),
    /** Of its own certificate (protocol/lan.ts). The same port speaks https with it, and plain http for browsers. */
    fingerprint: z.string(),
    /** Whether somebody has an account; the first one owns the relay and needs the code. */
    hasOwner: z.boolean(),
    ownerCode: z.string().optional()
  }),
  z.object({
    type: z.literal('status'),
    /** Connected now. */
    people: z.number().int(),
    devices: z.number().int(),
    /** Display names of those who are connected, at most 20. */
    names: z.array(z.string()),
    /** Everything under dataDir. */
    storedBytes: z.number().int(),
    /** Whether mDNS told the network of it. */
    announced: z.boolean(),
    hasOwner: z.boolean()
  }),
  z.object({ type: z.literal('backed-up'), request: z.number().int(), folder: z.string(), messages: z.number().int() }),
  z.object({ type: z.literal('backup-failed'), request: z.number().int(), detail: z.string() }),
  z.object({ type: z.literal('failed'), problem: z.enum(HOST_PROBLEMS), detail: z.string() }),
  z.object({ type: z.literal('stopped') })
])
export type HostTidings = z.infer<typeof hostTidingsSchema>
