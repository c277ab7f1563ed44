// That a device has no space left: how it is told, and how it is recognised. Knows no database.

/** Rows are not written, for want of space. What was stored stays. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError'
  /** So many there was no space for, at least. */
  readonly rows: number

  constructor(message?: string, { cause, rows = 1 }: { cause?: unknown; rows?: number } = {}) {
    super(message, { cause })
    this.rows = rows
  }
}

/** Whether the browser refused for want of space: IndexedDB, Dexie and RxDB wrap each other's errors. */
export function isQuota(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Object && depth < 5; depth++) {
    if ('name' in each && each.name === 'QuotaExceededError') return true
    each = 'inner' in each ? each.inner : 'cause' in each ? each.cause : undefined
  }
  return false
}
