// Who is mentioned in a text: those whose `@name` stands in it. Pure: knows no field and no store.
import { MAX_MENTIONS } from '../../../protocol/limits.ts'

export interface Mentionable {
  id: string
  name: string
}

const LATIN = /[\p{Script=Latin}\p{N}_]/u
/** Before an `@` of an e-mail address, which is no mention. */
const ADDRESS_SIGN = /[\p{Script=Latin}\p{N}_.]/u

/**
 * The ids of the people whose `@name` stands in the text, as it is written, each once, in the order in which they are named. The longest name
 * that fits is meant; a particle may follow at once (`@민수님`), a letter of a longer Latin word may not.
 * @param picked by name: who was chosen from the list, where several have that name; without it all of them are meant
 */
export function mentionsIn(
  text: string,
  people: readonly Mentionable[],
  picked: ReadonlyMap<string, string> = new Map()
): string[] {
  if (!text.includes('@')) return []
  const named = byName(people)
  const names = [...named.keys()].toSorted((a, b) => b.length - a.length)
  const found = new Set<string>()
  const whole = text.normalize('NFC')
  for (let at = whole.indexOf('@'); at >= 0; at = whole.indexOf('@', at + 1)) {
    if (ADDRESS_SIGN.test(whole[at - 1] ?? ' ')) continue
    const name = names.find((each) => whole.startsWith(each, at + 1) && endsAfter(whole, at + 1 + each.length))
    if (name === undefined) continue
    const bearers = named.get(name) ?? []
    const chosen = bearers.find(({ id }) => id === picked.get(name))
    for (const { id } of chosen ? [chosen] : bearers) found.add(id)
  }
  return [...found].slice(0, MAX_MENTIONS)
}

function byName(people: readonly Mentionable[]): ReadonlyMap<string, Mentionable[]> {
  const named = new Map<string, Mentionable[]>()
  for (const person of people) {
    const name = person.name.normalize('NFC')
    const same = named.get(name)
    if (same) same.push(person)
    else if (name !== '') named.set(name, [person])
  }
  return named
}

function endsAfter(text: string, end: number): boolean {
  return !LATIN.test(text[end - 1] ?? '') || !LATIN.test(text[end] ?? '')
}
