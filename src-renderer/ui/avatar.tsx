// A person's or room's sign: initials on a colour of its own.
import styles from './avatar.module.css'

const COLOURS = 8

/** One of the avatar colours, always the same for one id. */
export function avatarColour(id: string): number {
  let hash = 0
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  return hash % COLOURS
}

/** One or two letters: the given name of a Korean name (지우 of 김지우), the first letters of the first two words of others. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean)
  const first = words[0]
  if (first === undefined) return '·'
  const letters = [...first]
  if (words.length === 1 && /^[가-힣]{2,4}$/u.test(first)) return letters.slice(-2).join('')
  const second = words[1]
  if (/^[가-힣]/u.test(first) || second === undefined) return (letters[0] ?? '·').toUpperCase()
  return `${letters[0] ?? ''}${[...second][0] ?? ''}`.toUpperCase()
}

/** Decoration: the name always stands beside it. `size` in px. */
export function Avatar({ id, name, size = 40 }: { id: string; name: string; size?: number }) {
  return (
    <span
      className={styles.avatar}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * 0.36),
        backgroundColor: `var(--avatar-${avatarColour(id)})`
      }}
      aria-hidden
    >
      {initials(name)}
    </span>
  )
}
