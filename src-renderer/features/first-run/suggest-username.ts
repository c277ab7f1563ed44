// From the name that others see to one to sign in with.
import { usernameSchema } from '../../../protocol/values.ts'

/** What of a name can be a username, or '' if that is none. */
export function suggestUsername(displayName: string): string {
  const letters = displayName
    .trim()
    .normalize('NFKC')
    .replace(/\s+/gu, '.')
    .replace(/[^\p{L}\p{M}\p{N}._-]/gu, '')
    .replace(/^[._-]+|[._-]+$/g, '')
  const parsed = usernameSchema.safeParse(letters)
  return parsed.success ? parsed.data : ''
}
