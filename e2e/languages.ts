// In which languages a journey is taken. That no words are missing in one is what the compiler says; both are for what words do to a screen.
import { en } from '../src-renderer/texts/en.ts'
import { ko } from '../src-renderer/texts/ko.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'

/** This one in the small form, both in the large form (MARU_LONG). */
export function languages(small: Texts): readonly Texts[] {
  return process.env['MARU_LONG'] === 'true' ? [en, ko] : [small]
}
