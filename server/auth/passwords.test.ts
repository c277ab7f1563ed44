import { describe, expect, it } from 'vitest'
import { createPasswords } from './passwords.ts'

describe('passwords', () => {
  const cheap = createPasswords({ N: 2 ** 4, r: 1, p: 1 })

  it('are stored as self-describing scrypt strings, each with its own salt', async () => {
    const [one, two] = [await createPasswords().hash('a password'), await createPasswords().hash('a password')]
    expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(two)
  })

  it('fit only themselves, whatever cost they were stored with', async () => {
    const stored = await cheap.hash('a password')
    const now = createPasswords({ N: 2 ** 5, r: 2, p: 1 })
    expect(await now.verify('a password', stored)).toBe(true)
    expect(await now.verify('another password', stored)).toBe(false)
    expect(await now.verify('', stored)).toBe(false)
  })

  it('are the same in every Unicode spelling (NFKC)', async () => {
    const stored = await cheap.hash('한글 ﬁle é')
    expect(await cheap.verify('한글 ﬁle é'.normalize('NFD'), stored)).toBe(true)
    expect(await cheap.verify('한글 file é', stored)).toBe(true)
  })

  it('without a stored one the answer is no, after the same work', async () => {
    const passwords = createPasswords({ N: 2 ** 14, r: 8, p: 1 })
    const stored = await passwords.hash('a password')
    const timeOf = async (against: string | undefined): Promise<number> => {
      const begin = process.hrtime.bigint()
      expect(await passwords.verify('wrong password', against)).toBe(false)
      return Number(process.hrtime.bigint() - begin)
    }
    await timeOf(stored)
    const rounds = Array.from({ length: 5 })
    const known: number[] = []
    const unknown: number[] = []
    for (const _ of rounds) {
      known.push(await timeOf(stored))
      unknown.push(await timeOf(undefined))
    }
    // The fastest of each: noise only ever adds. Skipping the work would make it a thousandth.
    expect(Math.min(...unknown) / Math.min(...known)).toBeGreaterThan(0.5)
  })

  it('wait in line when many come at once, and are turned away when too many do', async () => {
    const results = await Promise.allSettled(Array.from({ length: 110 }, () => cheap.hash('a password')))
    expect(results.slice(0, 102).every(({ status }) => status === 'fulfilled')).toBe(true)
    for (const result of results.slice(102)) expect(result).toMatchObject({ reason: { code: 'rate-limited' } })
    expect(await cheap.verify('a password', await cheap.hash('a password'))).toBe(true)
  })

  it('a stored string that is none is an error, not a no', async () => {
    await expect(cheap.verify('a password', 'plain')).rejects.toThrow('not a scrypt string')
  })
})
