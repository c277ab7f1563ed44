// Password hashes: scrypt of node:crypto in self-describing strings. Knows no accounts. Why scrypt: docs/decisions/0003-scrypt.md.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { ProtocolError } from '../../protocol/errors.ts'

/** One of the sets that OWASP gives as equal (Password Storage Cheat Sheet): 32 MiB for each hash. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32
const MAX_PARALLEL_HASHES = 2
/** More than this many waiting ones would be answered too late to be of use. */
const MAX_WAITING_HASHES = 100

export interface Cost {
  N: number
  r: number
  p: number
}

interface StoredHash extends Cost {
  salt: Buffer
  hash: Buffer
}

export interface Passwords {
  /** `scrypt$N$r$p$salt$hash` of the password's NFKC form. Rejects with `rate-limited` when too many wait. */
  hash(password: string): Promise<string>
  /** Whether the password fits. Without a stored hash it does the same work and says no, so that time tells nothing. */
  verify(password: string, stored: string | undefined): Promise<boolean>
  /** Whether the hash was made as one is made now; if not, a new one is to take its place when the password is there. */
  isCurrent(stored: string): boolean
}

/**
 * @param cost only tests make it cheaper
 * @param derived is told of each hash that was worked out, for tests that count work
 */
export function createPasswords(cost: Cost = COST, derived: (cost: Cost) => void = () => {}): Passwords {
  const inTurn = takeTurns(MAX_PARALLEL_HASHES, MAX_WAITING_HASHES)
  const derive = (password: string, { N, r, p, salt }: Omit<StoredHash, 'hash'>): Promise<Buffer> =>
    inTurn(
      () =>
        new Promise((resolve, reject) => {
          derived({ N, r, p })
          // scrypt needs 128·N·r bytes and refuses to take more than maxmem.
          const options = { N, r, p, maxmem: 128 * N * r + 1024 * 1024 }
          scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
            error ? reject(error) : resolve(key)
          )
        })
    )
  const nobody: StoredHash = { ...cost, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) }

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      const key = await derive(password, { ...cost, salt })
      return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
    },
    async verify(password, stored) {
      const against = stored === undefined ? nobody : parseHash(stored)
      const key = await derive(password, against)
      return timingSafeEqual(key, against.hash) && stored !== undefined
    },
    isCurrent(stored) {
      const { N, r, p } = parseHash(stored)
      return N === cost.N && r === cost.r && p === cost.p
    }
  }
}

function parseHash(text: string): StoredHash {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(text)
  const hash = Buffer.from(match?.[5] ?? '', 'base64url')
  if (!match || hash.length !== HASH_BYTES) throw new Error('a stored password hash is not a scrypt string')
  return {
    N: Number(match[1]),
    r: Number(match[2]),
    p: Number(match[3]),
    salt: Buffer.from(match[4] ?? '', 'base64url'),
    hash
  }
}

/** Runs at most `parallel` tasks at once, others wait in line; beyond `maxWaiting` they are turned away. */
function takeTurns(parallel: number, maxWaiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running >= parallel) {
      if (waiting.length >= maxWaiting) throw new ProtocolError('rate-limited', 'too many people are signing in')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
