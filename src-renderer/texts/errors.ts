// Words an error for people, by its code.
import type { ErrorWord, Texts } from './texts.ts'

/** Anything with a code: a `ProtocolError`, a refusal, a `RelayUnreachableError`. */
interface Coded {
  code: string
}

function isCoded(error: unknown): error is Coded {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
}

/** The code of an error, or undefined for one that has none (a defect). */
export function codeOf(error: unknown): string | undefined {
  return isCoded(error) ? error.code : undefined
}

/** The sentence for an error: by its code, for codes of a newer relay a general one that names the code. */
export function errorSentence(texts: Texts, error: unknown): string {
  const code = codeOf(error)
  if (code === undefined) return texts.errors['relay-error']
  return Object.hasOwn(texts.errors, code) ? texts.errors[code as ErrorWord] : texts.unknownError(code)
}
