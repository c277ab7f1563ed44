import { describe, expect, it } from 'vitest'
import { bestRank, initialsOf, RANK, rankOf, seek } from './hangul.ts'

const rank = (text: string, query: string, scattered = false) => {
  const sought = seek(query)
  return sought && rankOf(text, sought, { scattered })
}
const found = (text: string, query: string) => rank(text, query) !== null

describe('initial consonants (초성)', () => {
  it('find a name', () => {
    expect(rank('김민수', 'ㄱㅁㅅ')).toBe(RANK.start)
    expect(rank('김민수', 'ㅁㅅ')).toBe(RANK.inside)
    expect(rank('동네 김민수', 'ㄱㅁ')).toBe(RANK.wordStart)
    expect(found('김민수', 'ㄱㅅㅁ')).toBe(false)
    expect(found('박민수', 'ㄱㅁㅅ')).toBe(false)
  })

  it('mix with syllables', () => {
    expect(found('김민수', '김ㅁㅅ')).toBe(true)
    expect(found('김민수', 'ㄱ민ㅅ')).toBe(true)
    expect(found('김민수', '김ㅁ수')).toBe(true)
    expect(found('김민수', '박ㅁㅅ')).toBe(false)
  })

  it('which an input method has joined into one sign', () => {
    expect(found('감사합니다', 'ㄳ')).toBe(true)
    expect(found('박수진', 'ㅄㅈ')).toBe(true)
    expect(found('진수박', 'ㅄ')).toBe(false)
    expect(found('배수진', 'ㅄㅈ')).toBe(true)
    expect(found('나하나', 'ㄶㄴ')).toBe(true)
  })

  it('in the old encoding of single signs, and names in decomposed form', () => {
    expect(found('김민수'.normalize('NFD'), 'ㄱㅁㅅ')).toBe(true)
    expect(found('김민수', '\u1100\u1106\u1109')).toBe(true)
    expect(found('김민수', '김민'.normalize('NFD'))).toBe(true)
  })

  it('tense ones are their own', () => {
    expect(found('까치', 'ㄲㅊ')).toBe(true)
    expect(found('까치', 'ㄱㅊ')).toBe(false)
  })

  it('are told', () => {
    expect(initialsOf('김민수 Kim')).toBe('ㄱㅁㅅ kim')
  })
})

describe('while a syllable is being composed', () => {
  it('each state of typing 김민수 finds it', () => {
    for (const typed of ['ㄱ', '기', '김', '김ㅁ', '김미', '김민', '김민ㅅ', '김민수'])
      expect(found('김민수', typed)).toBe(true)
  })

  it('each state of typing 가나다 finds it, though the consonant moves on', () => {
    for (const typed of ['ㄱ', '가', '간', '가나', '가낟', '가나다']) expect(found('가나다', typed)).toBe(true)
  })

  it('two finals, and vowels that grow', () => {
    for (const typed of ['다', '달', '닭', '닭이']) expect(found('닭이', typed)).toBe(true)
    for (const typed of ['바', '발', '밝', '발가']) expect(found('발가락', typed)).toBe(true)
    for (const typed of ['ㄱ', '고', '과', '광', '과이']) expect(found('과이', typed)).toBe(true)
    for (const typed of ['으', '의']) expect(found('의사', typed)).toBe(true)
  })

  it('only the last syllable is unfinished', () => {
    expect(found('강남', '가남')).toBe(false)
    expect(found('강남', '가')).toBe(true)
    expect(found('간식', '각')).toBe(false)
  })
})

describe('any script', () => {
  it('whatever the case, by words, without the spaces', () => {
    expect(rank('Kim Min Su', 'kim')).toBe(RANK.start)
    expect(rank('Kim Min Su', 'min')).toBe(RANK.wordStart)
    expect(rank('Kim Min Su', 'kimmin')).toBe(RANK.start)
    expect(rank('김 민수', '김민')).toBe(RANK.start)
    expect(rank('김민수', '김 민수')).toBe(RANK.exact)
    expect(rank('Minji', 'minji')).toBe(RANK.exact)
    expect(rank('José', 'josé'.normalize('NFD'))).toBe(RANK.exact)
  })

  it('scattered signs only where asked for, and last', () => {
    expect(rank('family', 'fmy')).toBe(null)
    expect(rank('family', 'fmy', true)).toBe(RANK.scattered)
    expect(rank('마루 개발 모임', 'ㅁㄱㅁ', true)).toBe(RANK.scattered)
    expect(rank('family', 'ymf', true)).toBe(null)
  })

  it('the best of several names counts; a blank question finds nothing', () => {
    expect(bestRank(['박민수', 'minsu'], { signs: ['m', 'i'] })).toBe(RANK.start)
    expect(bestRank(['박민수', 'minsu'], { signs: ['x'] })).toBe(null)
    expect(seek('  ')).toBe(null)
  })
})
