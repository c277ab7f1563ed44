// The one way in for anything unknown: a schema says yes, or a ProtocolError names the field and the limit.
import type { z } from 'zod'
import { ProtocolError } from './errors.ts'

/**
 * Parses `input` or throws `ProtocolError('invalid')`, whose field is the path of the first issue (`operations[3].n`) below `at`.
 * Never echoes the input itself: it may hold a password or a message.
 */
export function parse<T>(schema: z.ZodType<T>, input: unknown, at = ''): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (!issue) throw new ProtocolError('invalid', 'input does not fit')
  const field = fieldPath(at, issue.path)
  const limit = limitOf(issue)
  throw new ProtocolError('invalid', field ? `${field}: ${issue.message}` : issue.message, {
    ...(field ? { field } : {}),
    ...(limit === undefined ? {} : { limit })
  })
}

function fieldPath(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    at
  )
}

function limitOf(issue: z.core.$ZodIssue): number | undefined {
  if (issue.code === 'too_big') return Number(issue.maximum)
  if (issue.code === 'too_small') return Number(issue.minimum)
  return undefined
}
