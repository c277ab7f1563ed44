// A person's or room's sign: initials on a colour of its own.
import styles from './avatar.module.css'
import { derivedColor } from './sign-colors.ts'
import type { SignColor } from './sign-colors.ts'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** One or two letters: the given name of a Korean name (지우 of 김지우), the first letters of the first two words of others. */
export function initials(name: string): string {
  const [first, second] = name
    .trim()
    .normalize('NFC')
    .split(/[\s._-]+/u)
    .filter(Boolean)
  if (first === undefined) return '·'
  if (second === undefined && /^[가-힣]{2,4}$/u.test(first)) return first.slice(-2)
  const letters = /^[가-힣]/u.test(first) || second === undefined ? firstOf(first) : firstOf(first) + firstOf(second)
  return letters.toUpperCase()
}

function firstOf(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment
  return ''
}

interface AvatarProps {
  id: string
  name: string
  /** As the person chose it. */
  color?: SignColor | undefined
  size?: number
}

/** Decoration: the name always stands beside it. `size` in px. */
export function Avatar({ id, name, color, size = 40 }: AvatarProps) {
  return (
    <span
      className={styles.avatar}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * 0.36),
        backgroundColor: `var(--avatar-${color ?? derivedColor(id)})`
      }}
      aria-hidden
    >
      {initials(name)}
    </span>
  )
}
