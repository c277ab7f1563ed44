// Which catalogue the screen speaks. A start loads the one that is spoken; the other comes when there is time, or when somebody chooses it.
import { languageFor } from './language.ts'
import type { Language } from './language.ts'
import type { Texts } from './texts.ts'

const catalogues: { readonly [L in Language]: () => Promise<Texts> } = {
  ko: async () => (await import('./ko.ts')).ko,
  en: async () => (await import('./en.ts')).en
}
const held = new Map<Language, Texts>()

/** Rejects when it cannot be had: the next call tries again. */
export async function loadTexts(language: Language): Promise<Texts> {
  const texts = held.get(language) ?? (await catalogues[language]())
  held.set(language, texts)
  return texts
}

/** Whether `textsFor` has something to give. */
export function hasTexts(): boolean {
  return held.size > 0
}

/** All that a person may choose later, also without the network. Rejects when one cannot be had. */
export async function loadAllTexts(): Promise<void> {
  await Promise.all([loadTexts('ko'), loadTexts('en')])
}

/** Of what is loaded, the one for these languages, else another one. To be called when `loadTexts` has resolved once. */
export function textsFor(languages: readonly string[]): Texts {
  const texts = held.get(languageFor(languages)) ?? [...held.values()][0]
  if (texts === undefined) throw new Error('no catalogue is loaded')
  return texts
}
