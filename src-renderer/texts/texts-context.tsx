// The catalogue that the screen speaks, handed down by context; another one takes its place when it has come.
import { createContext, use, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { loadTexts, textsFor } from './catalogue.ts'
import { languageFor } from './language.ts'
import type { Texts } from './texts.ts'

const TextsContext = createContext<Texts | null>(null)

/**
 * The catalogue for these languages; while it is being loaded, the one before.
 * @param onProblem told when it cannot be had: the screen goes on in the language that it speaks
 */
export function useTextsFor(languages: readonly string[], onProblem: (problem: unknown) => void): Texts {
  const language = languageFor(languages)
  const [, setLoaded] = useState(language)
  useEffect(() => {
    loadTexts(language).then(() => setLoaded(language), onProblem)
  }, [language, onProblem])
  return textsFor([language])
}

export function TextsProvider({ texts, children }: { texts: Texts; children: ReactNode }) {
  return <TextsContext value={texts}>{children}</TextsContext>
}

/** The catalogue of the screen's language. */
export function useTexts(): Texts {
  const texts = use(TextsContext)
  if (texts === null) throw new Error('what is said stands outside of a TextsProvider')
  return texts
}
