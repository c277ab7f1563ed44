// Parts of English sentences.
import type { Named } from './texts.ts'

export const number = new Intl.NumberFormat('en')
export const list = new Intl.ListFormat('en', { type: 'conjunction' })

export const plural = (count: number, one: string, many: string) =>
  `${number.format(count)} ${count === 1 ? one : many}`
export const subject = (person: Named) => (person.self ? 'You' : person.name)
export const people = (all: readonly Named[]) => list.format(all.map((person) => (person.self ? 'you' : person.name)))
export const quoted = (name: string) => `“${name}”`
