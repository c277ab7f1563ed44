// Pictures against the records that name them: each that is named is there, as it was named, and no other is. Keeps hashes only. Knows no driver.
import { createHash } from 'node:crypto'
import type { Avatar } from './port.ts'
import type { Report } from './verified-facts.ts'

/** To be told of all records first, then of all pictures; then `end`. */
export class VerifiedAvatars {
  readonly #report: Report
  /** By owner: the record's hash, and where it is. */
  readonly #expected = new Map<string, { where: string; hash: string }>()

  constructor(report: Report) {
    this.#report = report
  }

  expect(where: string, ownerId: string, hash: string | undefined): void {
    if (hash !== undefined) this.#expected.set(ownerId, { where, hash })
  }

  /** @param avatar undefined if it cannot be read, which somebody reports */
  take(where: string, ownerId: string, avatar: Pick<Avatar, 'hash' | 'png'> | undefined): void {
    const record = this.#expected.get(ownerId)
    this.#expected.delete(ownerId)
    if (!avatar) return
    const what = `picture of ${ownerId}`
    const actual = createHash('sha256').update(avatar.png).digest('hex').slice(0, avatar.hash.length)
    if (actual !== avatar.hash)
      this.#report({ where, what: `hash of the ${what}`, expected: actual, found: avatar.hash })
    if (!record) this.#report({ where, what: `the ${what} is there, but no record names it` })
    else if (record.hash !== avatar.hash)
      this.#report({
        where,
        what: `the ${what}`,
        expected: `${record.hash}, as in ${record.where}`,
        found: avatar.hash
      })
  }

  end(): void {
    for (const [ownerId, { where, hash }] of this.#expected)
      this.#report({ where, what: `the picture ${hash} of ${ownerId} is not there` })
  }
}
