// Finds the people whom a text names by "@name". Pure.

export interface MentionedName {
  /** Without the sign. */
  name: string
  own: boolean
}

export type MentionPart = { text: string } | { text: string; own: boolean }

/** The parts of a text, in order; together they are the text. The longest name wins where one begins with another. */
export function mentionParts(text: string, names: readonly MentionedName[]): MentionPart[] {
  const known = names.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length)
  if (known.length === 0 || !text.includes('@')) return [{ text }]
  const parts: MentionPart[] = []
  let done = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at < done || /[A-Za-z0-9]/.test(text.charAt(at - 1))) continue
    const found = known.find(({ name }) => text.startsWith(name, at + 1) && endsThere(text, at + 1 + name.length))
    if (!found) continue
    if (at > done) parts.push({ text: text.slice(done, at) })
    done = at + 1 + found.name.length
    parts.push({ text: text.slice(at, done), own: found.own })
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}

/** "@Min" is not the beginning of "@Minji"; a particle ("@민지가") may follow a name. */
function endsThere(text: string, at: number): boolean {
  return !(/[A-Za-z0-9]/.test(text.charAt(at)) && /[A-Za-z0-9]/.test(text.charAt(at - 1)))
}
