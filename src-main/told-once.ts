// Remembers on the disk what a person was told once. Does not know what that was.
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Resolves with true the first time in the life of this profile, and with false ever after.
 * @param folder made when it is missing
 * @param name letters and hyphens
 */
export async function isFirstTime(folder: string, name: string): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    await (await open(join(folder, `told-${name}`), 'wx', 0o600)).close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
