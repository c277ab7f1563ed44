// What the driver tells the operator. pino's loggers fit.

export interface StorageLog {
  info(details: object, text: string): void
  warn(details: object, text: string): void
  error(details: object, text: string): void
}

export const silentLog: StorageLog = { info: () => undefined, warn: () => undefined, error: () => undefined }
