import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSecrets } from './secrets.ts'
import type { Secrets, SecretsOptions } from './secrets.ts'
import { safeStorage } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const TEXT = '{"token":"비밀 s3cret"}'
let parent: string
let folder: string
const onProblem = vi.fn<(problem: unknown) => void>()

/** Each one is a run of the app on the same profile. */
function run(options: Partial<SecretsOptions> = {}): Secrets {
  return createSecrets({ folder, platform: 'linux', inFile: false, onProblem, ...options })
}

async function onDisk(): Promise<string> {
  const names = await readdir(folder).catch(() => [])
  const texts = await Promise.all(names.map(async (name) => readFile(join(folder, name), 'utf8')))
  return texts.join('\n')
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

beforeEach(async () => {
  Object.assign(safeStorage, { available: true, backend: 'gnome_libsecret', key: 'a', outdated: false, encryptions: 0 })
  onProblem.mockClear()
  parent = await mkdtemp(join(tmpdir(), 'maru-secrets-'))
  folder = join(parent, 'maru')
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(parent, { recursive: true })
})

describe('with a keyring', () => {
  it('a secret outlives the run, encrypted, in a file that only this user can read', async () => {
    expect(await run().load()).toBeNull()
    expect(await run().save(TEXT)).toBe('encrypted')
    expect(await onDisk()).not.toContain('s3cret')
    expect(await onDisk()).not.toContain(base64(TEXT))
    expect((await stat(join(folder, 'secret.json'))).mode & 0o777).toBe(0o600)
    expect(await run().load()).toBe(TEXT)
    expect(await run().kept()).toBe('encrypted')
  })

  it('the last one counts, and forgetting leaves nothing', async () => {
    const secrets = run()
    await Promise.all([secrets.save('first'), secrets.save('second')])
    expect(await run().load()).toBe('second')
    await Promise.all([secrets.save('third'), secrets.forget()])
    expect([await secrets.load(), await run().load(), await onDisk()]).toEqual([null, null, ''])
  })

  it('one that cannot be decrypted is none, and is told', async () => {
    await run().save(TEXT)
    safeStorage.key = 'b'
    expect(await run().load()).toBeNull()
    expect(onProblem).toHaveBeenCalledOnce()
  })

  it('an outdated key is replaced while reading', async () => {
    await run().save(TEXT)
    safeStorage.outdated = true
    expect(await run().load()).toBe(TEXT)
    expect(safeStorage.encryptions).toBe(2)
  })

  it('a file that says nothing is none', async () => {
    await run().save(TEXT)
    for (const text of ['', '{', '{"kept":"else","data":""}', '{"kept":"encrypted","data":"%"}']) {
      await writeFile(join(folder, 'secret.json'), text)
      expect(await run().load()).toBeNull()
    }
  })

  it('what was left of a crash while writing does not stand in the way', async () => {
    await run().save('old')
    await writeFile(join(folder, 'secret.json.new'), 'half', { mode: 0o644 })
    expect(await run().save(TEXT)).toBe('encrypted')
    expect(await run().load()).toBe(TEXT)
    expect((await stat(join(folder, 'secret.json'))).mode & 0o777).toBe(0o600)
  })
})

const withoutKeyring: [name: string, change: () => void][] = [
  ['no encryption', () => (safeStorage.available = false)],
  ['basic_text', () => (safeStorage.backend = 'basic_text')],
  ['an unknown backend', () => (safeStorage.backend = 'unknown')],
  [
    'a keyring that fails',
    () => void vi.spyOn(safeStorage, 'encryptStringAsync').mockRejectedValue(new Error('locked'))
  ]
]

describe.each(withoutKeyring)('with %s', (_name, change) => {
  beforeEach(change)

  it('a secret lives for this run only, and that is said', async () => {
    const secrets = run()
    expect(await secrets.save(TEXT)).toBe('this-run-only')
    expect(await secrets.load()).toBe(TEXT)
    expect([await secrets.kept(), await run().kept()]).toEqual(['this-run-only', 'this-run-only'])
    expect(await onDisk()).toBe('')
    expect(await run().load()).toBeNull()
    await secrets.forget()
    expect(await secrets.load()).toBeNull()
  })

  it('lies in a file if the person asked for that, and that is said', async () => {
    expect(await run({ inFile: true }).kept()).toBe('file')
    expect(await run({ inFile: true }).save(TEXT)).toBe('file')
    expect((await stat(join(folder, 'secret.json'))).mode & 0o777).toBe(0o600)
    expect(await run().load()).toBe(TEXT)
    expect(await run().kept()).toBe('file')
  })

  it('an older one on the disk does not come back', async () => {
    await run({ inFile: true }).save('old')
    expect(await run().save(TEXT)).toBe('this-run-only')
    expect([await run().load(), await onDisk()]).toEqual([null, ''])
  })
})

it('a keyring that comes later is used from then on', async () => {
  const secrets = run()
  safeStorage.available = false
  expect(await secrets.save('old')).toBe('this-run-only')
  safeStorage.available = true
  expect(await secrets.save(TEXT)).toBe('encrypted')
  expect([await secrets.load(), await run().load()]).toEqual([TEXT, TEXT])
  expect(await secrets.kept()).toBe('encrypted')
})

it('a secret in a file is told to be there although a keyring has come, until it is saved anew', async () => {
  safeStorage.available = false
  await run({ inFile: true }).save(TEXT)
  safeStorage.available = true
  expect(await run().kept()).toBe('file')
  await run().save(TEXT)
  expect(await run().kept()).toBe('encrypted')
})

it('basic_text counts on Linux only: elsewhere there is no such thing to ask', async () => {
  const asked = vi.spyOn(safeStorage, 'getSelectedStorageBackend')
  expect(await run({ platform: 'darwin' }).save(TEXT)).toBe('encrypted')
  expect(asked).not.toHaveBeenCalled()
})

it('a secret that should have been written and was not is an error, and the next call is served', async () => {
  await writeFile(folder, 'a file where the folder should be')
  const secrets = run()
  await expect(secrets.save(TEXT)).rejects.toThrow(/EEXIST|ENOTDIR/)
  await rm(folder)
  expect(await secrets.save(TEXT)).toBe('encrypted')
})
