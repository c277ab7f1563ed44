// Decides what is wrong with what was filled in on the way in, and beside which field it is said. Pure.
import * as limits from '../../../protocol/limits.ts'
import { displayNameSchema, usernameSchema } from '../../../protocol/values.ts'
import { codeOf, errorSentence } from '../../texts/errors.ts'
import type { Texts } from '../../texts/texts.ts'

export interface Fields {
  relay: string
  username: string
  displayName: string
  password: string
  invite: string
}

export type Field = keyof Fields

/** What is said beside a field; `form` concerns no field. */
export type Problems = Partial<Record<Field | 'form', string>>

/** The fields in the order in which they stand, to focus the first that is wrong. */
export const FIELD_ORDER: readonly Field[] = ['relay', 'username', 'displayName', 'password', 'invite']

export interface FormShape {
  creating: boolean
  /** The relay is known and fixed: there is no field for it. */
  relayFixed: boolean
  /** Which code registration asks for. */
  code: 'none' | 'owner' | 'invite'
}

/** What can be told before asking the relay; empty when it may be asked. `relayOk`: the address can be read. */
export function problemsBeforeAsking(texts: Texts, fields: Fields, shape: FormShape, relayOk: boolean): Problems {
  const { missing } = texts.signIn
  const problems: Problems = {}
  if (!shape.relayFixed && fields.relay.trim() === '') problems.relay = missing.relay
  else if (!relayOk) problems.relay = texts.signIn.badRelay
  if (fields.username.trim() === '') problems.username = missing.username
  if (fields.password === '') problems.password = missing.password
  if (!shape.creating) return problems

  if (!problems.username && !usernameSchema.safeParse(fields.username).success)
    problems.username = invalid(texts).username
  const displayName = displayNameProblem(texts, fields.displayName)
  if (displayName !== undefined) problems.displayName = displayName
  const { length } = fields.password
  if (length > 0 && (length < limits.MIN_PASSWORD_CHARS || length > limits.MAX_PASSWORD_CHARS)) {
    problems.password = invalid(texts).password
  }
  if (shape.code !== 'none' && fields.invite.trim() === '') problems.invite = missing.invite
  return problems
}

/** What is wrong with a name, or undefined. */
export function displayNameProblem(texts: Texts, displayName: string): string | undefined {
  if (displayName.trim() === '') return texts.signIn.missing.displayName
  return displayNameSchema.safeParse(displayName).success ? undefined : invalid(texts).displayName
}

/** Where and how the failure of an attempt is told. `online`: what the device says of itself. */
export function problemsOfFailure(texts: Texts, error: unknown, shape: FormShape, online: boolean): Problems {
  const sentence = errorSentence(texts, error)
  switch (codeOf(error)) {
    case 'wrong-credentials':
      return { password: sentence }
    case 'username-taken':
      return { username: sentence }
    case 'invite-required':
      return { invite: sentence }
    case 'wrong-invite':
      return { invite: shape.code === 'owner' ? texts.signIn.wrongOwnerCode : sentence }
    case 'relay-unreachable':
      // Without a network there is nothing wrong with the address.
      if (!online) return { form: texts.errors.offline }
      return shape.relayFixed ? { form: sentence } : { relay: sentence }
    case 'name-not-found':
    case 'refused':
    case 'certificate':
    case 'certificate-changed':
    case 'restart-needed':
    case 'already-signed-in':
    case 'not-a-relay':
      return shape.relayFixed ? { form: sentence } : { relay: sentence }
    case 'invalid': {
      const field = fieldOf(error)
      return field === undefined ? { form: sentence } : { [field]: invalid(texts)[field] }
    }
    default:
      return { form: sentence }
  }
}

function invalid(texts: Texts): Record<Exclude<Field, 'relay'>, string> {
  const { signIn } = texts
  return {
    username: signIn.badUsername(limits.MIN_USERNAME_CHARS, limits.MAX_USERNAME_CHARS),
    displayName: signIn.badDisplayName(limits.MAX_DISPLAY_NAME_CHARS),
    password: signIn.badPassword(limits.MIN_PASSWORD_CHARS, limits.MAX_PASSWORD_CHARS),
    invite: texts.errors['wrong-invite']
  }
}

function fieldOf(error: unknown): Exclude<Field, 'relay'> | undefined {
  if (typeof error !== 'object' || error === null || !('field' in error)) return undefined
  const { field } = error
  return field === 'username' || field === 'displayName' || field === 'password' || field === 'invite'
    ? field
    : undefined
}
