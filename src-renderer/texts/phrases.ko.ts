// Parts of Korean sentences.
import { particle } from './particles.ts'
import type { Named } from './texts.ts'

export const number = new Intl.NumberFormat('ko')

/** The names with 님, oneself as 나. */
export const who = (person: Named) => (person.self ? '나' : `${person.name}님`)
export const subject = (person: Named) => (person.self ? '내가' : `${person.name}님이`)
export const people = (all: readonly Named[]) => all.map(who).join(', ')
export const object = (all: readonly Named[]) => `${people(all)}${all.at(-1)?.self ? '를' : '을'}`
export const quoted = (name: string) => `‘${name}’`
/** 지우님, 민호님 */
export const named = (names: readonly string[]) => names.map((name) => `${name}님`).join(', ')
/** A word with its particle: 방을, 마루를. */
export const withParticle = (word: string, which: Parameters<typeof particle>[1]) => `${word}${particle(word, which)}`
