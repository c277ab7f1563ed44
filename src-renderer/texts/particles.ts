// Korean particles by the final sound of the word before them. Knows nothing of what is said with them.

const WITH_FINAL = { '을/를': '을', '이/가': '이', '은/는': '은', '과/와': '과', '으로/로': '으로' } as const
const WITHOUT_FINAL = { '을/를': '를', '이/가': '가', '은/는': '는', '과/와': '와', '으로/로': '로' } as const
const UNKNOWN = {
  '을/를': '을(를)',
  '이/가': '이(가)',
  '은/는': '은(는)',
  '과/와': '와(과)',
  '으로/로': '(으)로'
} as const

export type Particle = keyof typeof WITH_FINAL

type FinalSound = 'none' | 'rieul' | 'other' | 'unknown'

const HANGUL_FIRST = 0xac00
const HANGUL_LAST = 0xd7a3
const FINALS = 28
const FINAL_RIEUL = 8
/** 영 일 이 삼 사 오 육 칠 팔 구 */
const DIGIT_SOUNDS: readonly FinalSound[] = [
  'other',
  'rieul',
  'none',
  'other',
  'none',
  'none',
  'other',
  'rieul',
  'rieul',
  'none'
]

function finalSound(word: string): FinalSound {
  const last = /([^\p{P}\p{S}\s])[\p{P}\p{S}\s]*$/u.exec(word.normalize('NFC'))?.[1] ?? ''
  const code = last.codePointAt(0) ?? 0
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) {
    const final = (code - HANGUL_FIRST) % FINALS
    if (final === 0) return 'none'
    return final === FINAL_RIEUL ? 'rieul' : 'other'
  }
  if (/^[0-9]$/.test(last)) return DIGIT_SOUNDS[Number(last)] ?? 'unknown'
  return 'unknown'
}

/** The particle alone, as it follows `word`: 을 after 방, 를 after 마루, 을(를) where the sound is not known (Latin letters). */
export function particle(word: string, which: Particle): string {
  const sound = finalSound(word)
  if (sound === 'unknown') return UNKNOWN[which]
  if (sound === 'none' || (which === '으로/로' && sound === 'rieul')) return WITHOUT_FINAL[which]
  return WITH_FINAL[which]
}
