// Keeps one secret text for this profile, encrypted by the system's keyring where there is one. Does not know what it says.
// docs/decisions/0005-token-at-rest.md tells why it is kept no other way.
import { safeStorage } from 'electron'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { SecretKept } from '../src-renderer/platform/bridge.ts'
import { removeWhole, writeWhole } from './whole-file.ts'

const FILE = 'secret.json'

/** `encrypted`: base64 of what the keyring made; `file`: base64 of the text itself, because the person asked for that. */
const fileSchema = z.object({ kept: z.enum(['encrypted', 'file']), data: z.base64() })
type Stored = z.infer<typeof fileSchema>

export interface SecretsOptions {
  /** Made when it is missing. */
  folder: string
  platform: NodeJS.Platform
  /** Without a keyring, keep the secret in a file that only this user can read, instead of for this run only. */
  inFile: boolean
  /** Told of what does not stop anybody: a secret that cannot be read any more, a keyring that fails. */
  onProblem: (problem: unknown) => void
}

export interface Secrets {
  /** Null when there is none, or when it cannot be decrypted (any more). */
  load(): Promise<string | null>
  /** Replaces what was there, on the disk too. Rejects when it should have been written and was not. */
  save(text: string): Promise<SecretKept>
  forget(): Promise<void>
  /** Where the secret is, or where it would go when there is none (after a run whose secret was for that run only). */
  kept(): Promise<SecretKept>
}

/** Calls are carried out one after the other. Needs a ready app. */
export function createSecrets({ folder, platform, inFile, onProblem }: SecretsOptions): Secrets {
  const path = join(folder, FILE)
  let forThisRun: string | null = null
  let last: Promise<unknown> = Promise.resolve()

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work)
    last = result
    return result
  }

  /** On Linux, `basic_text` is a password that every copy of Chromium knows: no encryption, whatever it is called. */
  const canEncrypt = async (): Promise<boolean> => {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
    if (platform !== 'linux') return true
    const backend = safeStorage.getSelectedStorageBackend()
    return backend !== 'basic_text' && backend !== 'unknown'
  }

  const encrypted = async (text: string): Promise<Stored | null> => {
    try {
      if (!(await canEncrypt())) return null
      return { kept: 'encrypted', data: (await safeStorage.encryptStringAsync(text)).toString('base64') }
    } catch (error) {
      onProblem(error) // a keyring that is locked or broken is none
      return null
    }
  }

  const save = async (text: string): Promise<SecretKept> => {
    forThisRun = null
    const stored = (await encrypted(text)) ?? (inFile ? plain(text) : null)
    if (stored === null) {
      await removeWhole(path)
      forThisRun = text
      return 'this-run-only'
    }
    await writeWhole(path, JSON.stringify(stored))
    return stored.kept
  }

  const decrypted = async (data: string): Promise<string> => {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(data, 'base64'))
    if (shouldReEncrypt) await save(result)
    return result
  }

  const load = async (): Promise<string | null> => {
    if (forThisRun !== null) return forThisRun
    const stored = await read(path)
    if (stored === null) return null
    if (stored.kept === 'file') return Buffer.from(stored.data, 'base64').toString('utf8')
    try {
      return (await canEncrypt()) ? await decrypted(stored.data) : null
    } catch (error) {
      onProblem(error) // another user's, another machine's, or a keyring that is locked: the person signs in again
      return null
    }
  }

  const forget = async (): Promise<void> => {
    forThisRun = null
    await removeWhole(path)
  }

  const kept = async (): Promise<SecretKept> => {
    if (forThisRun !== null) return 'this-run-only'
    const stored = await read(path)
    if (stored?.kept === 'file') return 'file'
    if ((await encrypted('')) !== null) return 'encrypted' // tried, as a keyring may be there and fail
    return inFile ? 'file' : 'this-run-only'
  }

  return {
    load: async () => inTurn(load),
    save: async (text) => inTurn(async () => save(text)),
    forget: async () => inTurn(forget),
    kept: async () => inTurn(kept)
  }
}

function plain(text: string): Stored {
  return { kept: 'file', data: Buffer.from(text, 'utf8').toString('base64') }
}

/** Null when there is no file, or one that says nothing. */
async function read(path: string): Promise<Stored | null> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    const nothing = error instanceof SyntaxError || error instanceof z.ZodError
    if (nothing || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
