// What the windows of one profile say to each other, and the door at which it is parsed: another window may run another version.
import { z } from 'zod'
import { openWindowChannel } from '../connection/window-channel.ts'
import type { WindowChannel } from '../connection/window-channel.ts'
import type { ConnectionStatus } from '../connection/connection.ts'

const statusSchema: z.ZodType<ConnectionStatus> = z.discriminatedUnion('name', [
  z.object({ name: z.literal('connecting') }),
  z.object({
    name: z.literal('connected'),
    relayCannotStore: z.literal(true).optional(),
    said: z.string().optional()
  }),
  z.object({
    name: z.literal('waiting'),
    reason: z.enum(['network', 'unreachable', 'relay-stopping']),
    retryAt: z.number(),
    tooSlow: z.literal(true).optional(),
    byOwner: z.literal(true).optional(),
    said: z.string().optional()
  }),
  z.object({
    name: z.literal('ended'),
    reason: z.enum(['signed-out', 'client-too-old', 'relay-too-old', 'other-relay']),
    why: z.enum(['expired', 'revoked', 'account-disabled', 'account-deleted']).optional()
  })
])

const messageSchema = z.discriminatedUnion('type', [
  /** From the window that syncs: how things stand. Said on every change, and whenever asked. */
  z.object({
    type: z.literal('status'),
    /** Of its leadership: another one means that another window has taken over. */
    leader: z.string(),
    status: statusSchema,
    progress: z.object({ done: z.number(), total: z.number() }),
    history: z.object({ held: z.number(), total: z.number(), paused: z.boolean() })
  }),
  z.object({ type: z.literal('page-answer'), id: z.string(), stored: z.boolean() }),
  /** To the window that syncs. */
  z.object({ type: z.literal('ask-status') }),
  z.object({ type: z.literal('connect-now') }),
  z.object({ type: z.literal('open-room'), window: z.string(), roomId: z.string().nullable() }),
  z.object({ type: z.literal('pause-history'), paused: z.boolean() }),
  z.object({ type: z.literal('ask-page'), id: z.string(), roomId: z.string(), before: z.number() })
])
export type WindowMessage = z.infer<typeof messageSchema>

export type WindowBus = WindowChannel<WindowMessage>

/** The bus of all windows that have the database `name` open. */
export function openWindowBus(name: string): WindowBus {
  return openWindowChannel(`maru:${name}`, messageSchema)
}
