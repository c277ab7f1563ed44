// A person's or room's sign: a picture, or initials on a colour of its own.
import { useState } from 'react'
import styles from './avatar.module.css'
import { usePicture } from './pictures.tsx'
import { derivedColor } from './sign-colors.ts'
import type { SignColor } from './sign-colors.ts'

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

/** A first character that is a grapheme by itself, as most are. */
const PLAIN = /^[A-Za-z0-9가-힣](?:[A-Za-z0-9가-힣]|$)/u
/** Made when a name needs it: that takes as long as drawing ten messages. */
let graphemes: Intl.Segmenter | undefined

function firstOf(word: string): string {
  if (PLAIN.test(word)) return word.charAt(0)
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (const { segment } of graphemes.segment(word)) return segment
  return ''
}

interface AvatarProps {
  id: string
  name: string
  /** As the person chose it. */
  color?: SignColor | undefined
  /** The hash of the picture; a string that begins with `data:` is the picture itself, on its way. */
  picture?: string | undefined
  /** Whose picture it is. */
  of?: 'user' | 'room'
  size?: number
}

/** Decoration: the name always stands beside it. `size` in px. The initials stand as long as there is no picture, or none that can be drawn. */
export function Avatar({ id, name, color, picture, of = 'user', size = 40 }: AvatarProps) {
  const itself = picture?.startsWith('data:') === true
  const loaded = usePicture(picture === undefined || itself ? undefined : { of, id, hash: picture })
  const [broken, setBroken] = useState<string>()
  const url = itself ? picture : loaded
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
      {url !== undefined && url !== broken ? (
        <img className={styles.picture} src={url} alt="" draggable={false} onError={() => setBroken(url)} />
      ) : (
        initials(name)
      )}
    </span>
  )
}
