// When a message is too long to be shown whole. Pure.

/** As high as it is when folded; the same figure is in message.module.css. */
export const FOLDED_LINES = 16
const MAX_LINES = 24
const MAX_CHARS = 1_200

/** Only what hides a good deal is folded: nothing is worse than one hidden line. */
export function isLong(body: string): boolean {
  if (body.length > MAX_CHARS) return true
  let lines = 1
  for (let at = body.indexOf('\n'); at >= 0 && lines <= MAX_LINES; at = body.indexOf('\n', at + 1)) lines += 1
  return lines > MAX_LINES
}
