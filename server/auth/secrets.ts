// What the relay gives out and only keeps a hash of: session tokens, invite codes, the owner code.
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { createHash, randomBytes, randomInt } from 'node:crypto'

/** Digits and letters that nobody confuses: no 0 and O, no 1 and I. 32 of them: 5 bits each. */
const CODE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const CODE_GROUPS = 4
const CODE_GROUP_CHARS = 4
/** Of 2,048 words, which differ in their first four letters: 11 bits each. */
const CODE_WORDS = 6

export interface Secrets {
  /** 256 random bits in base64url. */
  newToken(): string
  /** 80 random bits that can be read out: `XXXX-XXXX-XXXX-XXXX`. */
  newCode(): string
  /** 66 random bits that can be said on the phone: six English words joined by `-`. */
  newWords(): string
  /** SHA-256 in hex: what is stored instead of a token. */
  hashToken(token: string): string
  /** SHA-256 in hex of a code without regard to case, width, dashes and spaces. */
  hashCode(code: string): string
}

export const secrets: Secrets = {
  newToken: () => randomBytes(32).toString('base64url'),
  newCode: () =>
    Array.from({ length: CODE_GROUPS }, () =>
      Array.from({ length: CODE_GROUP_CHARS }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')
    ).join('-'),
  newWords: () => Array.from({ length: CODE_WORDS }, () => wordlist[randomInt(wordlist.length)]).join('-'),
  hashToken: (token) => sha256(token),
  hashCode: (code) =>
    sha256(
      code
        .normalize('NFKC')
        .toUpperCase()
        .replace(/[^0-9A-Z]/g, '')
    )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
