// One form for each emoji. The same picture can be written with and without U+FE0F; as a reaction that would be two of them. Pure.

/** Asks for the picture of a sign that is also a letter: ❤ and ❤️. */
const AS_EMOJI = '\uFE0F'
const TEXT_OR_EMOJI = /^[\p{Emoji}]$/u
const ALWAYS_EMOJI = /^\p{Emoji_Presentation}$/u
const SKIN_TONE = /^\p{Emoji_Modifier}$/u

/** Without U+FE0F: as some keyboards and programs write it. */
export function unqualified(emoji: string): string {
  return emoji.replaceAll(AS_EMOJI, '')
}

/**
 * The fully-qualified form (UTS #51): U+FE0F behind each sign that needs it, and behind no other.
 * @param emoji one emoji, in any form
 */
export function qualified(emoji: string): string {
  const signs = Array.from(unqualified(emoji))
  return signs
    .map((sign, index) => {
      const needs = TEXT_OR_EMOJI.test(sign) && !ALWAYS_EMOJI.test(sign) && !SKIN_TONE.test(signs[index + 1] ?? '')
      return needs ? sign + AS_EMOJI : sign
    })
    .join('')
}
