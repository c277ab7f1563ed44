// That the person's own database cannot be read: how it is told. Knows no database.

/** The person's own database cannot be read. It is left as it is: it may hold words that exist nowhere else. */
export class OwnDataUnreadableError extends Error {
  override readonly name = 'OwnDataUnreadableError'
  readonly databaseName: string

  constructor(databaseName: string, cause: unknown) {
    super(`unsent messages and drafts (${databaseName}) cannot be read; they were not deleted`, { cause })
    this.databaseName = databaseName
  }
}
