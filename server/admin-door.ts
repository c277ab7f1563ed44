// The door for commands on this machine: the owner's routes, on loopback, for whoever can read the key that lies in the data directory
// [decision 15]. Knows no sockets and no accounts.
import express from 'express'
import type { Express, RequestHandler } from 'express'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { ProtocolError } from '../protocol/errors.ts'
import { parse } from '../protocol/parse.ts'
import { createInviteSchema } from '../protocol/rest.ts'
import { OPERATOR } from './domain/audit.ts'
import { adminRoutes } from './http/admin-routes.ts'
import type { AdminParts } from './http/parts.ts'
import { notFound, problemHandler } from './http/problems.ts'
import { actorOf, actsAs, bodyOf, endpoint, jsonBody, pathId } from './http/routing.ts'
import type { Log } from './log.ts'

/** In the data directory, readable for the relay's own user only, while the relay runs. */
export const ADMIN_FILE = 'admin.json'

/** Where a running relay's door is. */
export interface AdminDoor {
  url: string
  /** 256 bits in base64url, another one at each start. */
  key: string
}

export interface OpenAdminDoor extends AdminDoor {
  close(): Promise<void>
}

const adminDoorSchema = z.object({ url: z.string(), key: z.string() })

/** Opens it on a free port of loopback. */
export async function openAdminDoor(parts: AdminParts, log: Log): Promise<OpenAdminDoor> {
  const key = randomBytes(32).toString('base64url')
  const server = createServer(doorApp(parts, key, log))
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    key,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    }
  }
}

/** Says in the data directory where the door is; a directory that cannot be written costs the commands, not the relay. @returns takes it away */
export async function announceAdminDoor(
  dataDir: string,
  { url, key }: AdminDoor,
  log: Log
): Promise<() => Promise<void>> {
  const path = join(dataDir, ADMIN_FILE)
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeFile(`${path}.tmp`, JSON.stringify({ url, key }), { mode: 0o600 })
    await rename(`${path}.tmp`, path)
  } catch (error) {
    log.warn('commands cannot reach this relay: the data directory cannot be written', { error })
    return async () => {}
  }
  return () => rm(path, { force: true })
}

/** The door of the relay that runs, or ran last, on a data directory; undefined if none is said to. */
export async function findAdminDoor(dataDir: string): Promise<AdminDoor | undefined> {
  try {
    const text = await readFile(join(dataDir, ADMIN_FILE), 'utf8')
    return parse(adminDoorSchema, JSON.parse(text))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

function doorApp(parts: AdminParts, key: string, log: Log): Express {
  const app = express()
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.disable('x-powered-by')
  app.use(byKey(key))
  const api = express.Router()
  adminRoutes(api, parts, [])
  endpoint(api, '/invites', {
    post: [
      jsonBody,
      async (request, response) => {
        response
          .status(201)
          .json(await parts.invites.make(actorOf(response), parse(createInviteSchema, bodyOf(request))))
      }
    ],
    get: [async (_request, response) => void response.json({ invites: await parts.invites.list() })]
  })
  endpoint(api, '/invites/:id', {
    delete: [
      async (request, response) => {
        await parts.invites.revoke(actorOf(response), pathId(request, 'id', 'invite-not-found'))
        response.status(204).end()
      }
    ]
  })
  app.use('/api/v1', api)
  app.use(notFound)
  app.use(problemHandler(log))
  return app
}

/** Pages of browsers do not get here: none has the key, and none may send the header. */
function byKey(key: string): RequestHandler {
  const expected = Buffer.from(`Bearer ${key}`)
  return (request, response, next) => {
    const said = Buffer.from(request.headers.authorization ?? '')
    if (said.length !== expected.length || !timingSafeEqual(said, expected)) {
      throw new ProtocolError('unauthorized', 'the key of the data directory is needed')
    }
    actsAs(response, OPERATOR)
    next()
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
  server.unref()
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('an HTTP server listens on an address')
  return bound.port
}
