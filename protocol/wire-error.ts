// An error as it is sent. Apart from errors.ts, so that a client's first page makes no schema.
import { z } from 'zod'

/** As it travels: in acknowledgements, in refusals, in the handshake's `data`. Codes of a newer relay stay plain strings. */
export const wireErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  limit: z.number().optional(),
  /** When it may be tried again, of `rate-limited`. */
  retryAfterMs: z.number().min(0).optional()
})
export type WireError = z.infer<typeof wireErrorSchema>
