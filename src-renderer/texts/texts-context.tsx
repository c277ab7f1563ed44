// Which catalogue the screen speaks: chosen once by the system's language, handed down by context.
import { createContext, use } from 'react'
import type { ReactNode } from 'react'
import { en } from './en.ts'
import { ko } from './ko.ts'
import type { Texts } from './texts.ts'

const TextsContext = createContext<Texts>(en)

/** The first of the person's languages (BCP 47 tags, in their order) that there is a catalogue for, else English. */
export function textsFor(languages: readonly string[]): Texts {
  for (const language of languages) {
    const primary = language.toLowerCase().split('-')[0]
    if (primary === 'ko') return ko
    if (primary === 'en') return en
  }
  return en
}

export function TextsProvider({ texts, children }: { texts: Texts; children: ReactNode }) {
  return <TextsContext value={texts}>{children}</TextsContext>
}

/** The catalogue of the screen's language. */
export function useTexts(): Texts {
  return use(TextsContext)
}
