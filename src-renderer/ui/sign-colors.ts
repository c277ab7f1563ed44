// The grounds that tokens.css has for signs of people and rooms.

export const SIGN_COLORS = ['amber', 'moss', 'teal', 'sky', 'indigo', 'plum', 'rose', 'clay'] as const
export type SignColor = (typeof SIGN_COLORS)[number]

/** The colour of who or what has chosen none: always the same for one id. */
export function derivedColor(id: string): SignColor {
  let hash = 0
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  return SIGN_COLORS[hash % SIGN_COLORS.length] ?? SIGN_COLORS[0]
}
