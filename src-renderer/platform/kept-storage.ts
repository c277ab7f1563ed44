// Whether the browser promises to keep what is stored on this device, or may throw it away when the disk gets full.

/** `unknown`: the browser does not say, as on plain http. */
export type StorageKeeping = 'promised' | 'while-there-is-room' | 'unknown'

/** Where there is none, `navigator.storage` is missing, whatever its type says. */
const ownStorage = (): StorageManager | undefined => navigator.storage

/** How it stands now. Never rejects. */
export async function storageKeeping(storage = ownStorage()): Promise<StorageKeeping> {
  return told(storage?.persisted?.())
}

/** Asks the browser for its promise; some ask the person. To be called when somebody has signed in, not at each start. Never rejects. */
export async function askToKeepStorage(storage = ownStorage()): Promise<StorageKeeping> {
  const already = await storageKeeping(storage)
  return already === 'while-there-is-room' ? told(storage?.persist?.()) : already
}

async function told(answer: Promise<boolean> | undefined): Promise<StorageKeeping> {
  try {
    const kept = await answer
    if (kept === undefined) return 'unknown'
    return kept ? 'promised' : 'while-there-is-room'
  } catch {
    return 'unknown' // an opaque origin, or storage is switched off
  }
}
