// Writes a small file so that whoever reads it finds all of the old text or all of the new one, whenever the power fails.
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Only this user can read it. The folder is made when it is missing. Not to be called for the same path before the last call has ended. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const beside = besideOf(path)
  await rm(beside, { force: true }) // its mode would be the old one
  const file = await open(beside, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
}

/** The file, and what a writing that was cut off has left beside it. One that is not there is no error. */
export async function removeWhole(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(besideOf(path), { force: true })
}

function besideOf(path: string): string {
  return `${path}.new`
}
