// How a command reaches the relay's door: that of the relay that runs, or, of one that is stopped, one of its own on the same data.
import { z } from 'zod'
import { wireErrorSchema } from '../../protocol/wire-error.ts'
import { findAdminDoor, openAdminDoor } from '../admin-door.ts'
import type { AdminDoor } from '../admin-door.ts'
import { assemble } from '../assembly.ts'
import { createGuard } from '../auth/guard.ts'
import { createPasswords } from '../auth/passwords.ts'
import { StartError } from '../config.ts'
import type { Config } from '../config.ts'
import { createCommitLine } from '../domain/commit-line.ts'
import { createLog } from '../log.ts'
import { openStorage } from '../open-storage.ts'

export interface AdminLink {
  /** Whether a relay runs. */
  running: boolean
  /** @throws StartError with what the relay says against it */
  ask<T>(method: string, path: string, schema: z.ZodType<T>, body?: object): Promise<T>
  close(): Promise<void>
}

/** @throws StartError if neither the relay nor its data can be reached */
export async function openAdminLink(config: Config, now: () => number): Promise<AdminLink> {
  const door = await readDoor(config.dataDir)
  if (door && (await answers(door))) return { running: true, ask: asker(door), close: async () => undefined }
  return openStopped(config, now)
}

async function readDoor(dataDir: string): Promise<AdminDoor | undefined> {
  try {
    return await findAdminDoor(dataDir)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    throw new StartError(`${dataDir} belongs to another user: run this as the relay's own user.`)
  }
}

/** One that is left over from a relay that was killed leads nowhere, or to a program that does not know the key. */
async function answers(door: AdminDoor): Promise<boolean> {
  try {
    const { status } = await fetch(`${door.url}/api/v1/admin`, { headers: { authorization: `Bearer ${door.key}` } })
    return status === 200
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Nobody is connected to a relay that is stopped. */
const NOBODY = {
  end: () => undefined,
  disconnect: () => undefined,
  isOnline: () => false,
  count: () => ({ devices: 0, users: 0 })
}

async function openStopped(config: Config, now: () => number): Promise<AdminLink> {
  const log = createLog(config.logLevel === 'silent' ? 'silent' : 'warn')
  const storage = await openStorage(config, now, log).catch((error: unknown) => {
    if (!(error instanceof StartError) || !error.message.startsWith('Another relay is running')) throw error
    throw new StartError(
      `A relay is running on this data, but not reached from here: run this on the same machine, as the relay's own user, with the same DATA_DIR (${config.dataDir}).`
    )
  })
  const line = createCommitLine(storage, async () => undefined, log)
  const domain = await assemble({
    config,
    storage,
    line,
    passwords: createPasswords(),
    guard: createGuard(false, now),
    connections: NOBODY,
    recentErrors: () => [],
    now,
    log
  })
  const door = await openAdminDoor(domain, log)
  return {
    running: false,
    ask: asker(door),
    async close() {
      await door.close()
      await line.stop()
      await storage.close()
    }
  }
}

function asker({ url, key }: AdminDoor): AdminLink['ask'] {
  return async (method, path, schema, body) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' })
      },
      ...json
    })
    const text = await response.text()
    const value: unknown = text === '' ? undefined : JSON.parse(text)
    if (response.ok) return schema.parse(value)
    throw new StartError(`The relay refuses: ${wireErrorSchema.parse(value).message}.`)
  }
}
