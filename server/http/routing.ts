// What the routes have in common: methods of a path, JSON bodies, ids in paths, the session behind a token.
import express from 'express'
import type { IRouter, Request, RequestHandler, Response } from 'express'
import { isUtf8 } from 'node:buffer'
import { ProtocolError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { MAX_PACKET_BYTES, MAX_TOKEN_CHARS } from '../../protocol/limits.ts'
import { idSchema } from '../../protocol/values.ts'
import type { Actor } from '../domain/audit.ts'
import type { Session, Sessions } from '../domain/sessions.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export type Handler = (request: Request, response: Response) => Promise<void> | void
export type SessionHandler = (session: Session, request: Request, response: Response) => Promise<void>

/** Serves a path by these methods; any other is answered 405 with the list of them. */
export function endpoint(router: IRouter, path: string, methods: Partial<Record<Method, RequestHandler[]>>): void {
  const route = router.route(path)
  const allowed = ['OPTIONS', ...Object.keys(methods).map((method) => method.toUpperCase())]
  if (methods.get) allowed.push('HEAD')
  for (const [method, handlers] of Object.entries(methods)) route[method as Method](...handlers)
  route.all((request, response, next) => {
    response.setHeader('Allow', allowed.join(', '))
    if (request.method === 'OPTIONS') response.status(204).end()
    else next(new ProtocolError('method-not-allowed', `this address answers ${allowed.join(', ')}`))
  })
}

const parseJson = express.json({ limit: MAX_PACKET_BYTES, type: 'application/json', verify: requireUtf8 })

/** Decoding would put U+FFFD in the place of what is wrong, and nobody would know. */
function requireUtf8(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw new ProtocolError('unsupported-media-type', 'the body must be plain JSON in UTF-8')
  if (!isUtf8(bytes)) throw new ProtocolError('invalid', 'the body is not valid UTF-8')
}

/**
 * Reads a JSON body; one of another type is answered 415, none counts as an empty object. Whoever sends it may take as long as
 * REQUEST_TIMEOUT_MS, so behind `authenticated` it is asked again whether the session still runs [S17].
 */
export const jsonBody: RequestHandler = async (request, response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (hasBody && !request.is('application/json')) {
    throw new ProtocolError('unsupported-media-type', 'the body must be application/json')
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)))
  })
  const stillRuns = response.locals['stillRuns'] as (() => Promise<void>) | undefined
  if (hasBody) await stillRuns?.()
  next()
}

/** What `jsonBody` read. */
export function bodyOf(request: Request): unknown {
  return request.body ?? {}
}

/** An id in the path. One that is no id names nothing: it is answered like an unknown one. */
export function pathId(request: Request, name: string, unknown: ErrorCode & `${string}-not-found`): string {
  const id = idSchema.safeParse(request.params[name])
  if (!id.success) {
    throw new ProtocolError(unknown, `there is no such ${unknown.replace('-not-found', '')}`, { field: name })
  }
  return id.data
}

/** Finds out whose request it is [S17]; `sessionOf` has it afterwards. */
export function authenticated(sessions: Sessions): RequestHandler {
  return async (request, response, next) => {
    const match = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')
    const token = match?.[1]
    if (token === undefined || token.length > MAX_TOKEN_CHARS) {
      throw new ProtocolError('unauthorized', 'a bearer token is needed')
    }
    const session = await sessions.authenticate(token)
    response.locals['session'] = session
    response.locals['stillRuns'] = () => sessions.stillRuns(session.deviceId)
    next()
  }
}

/** The session that `authenticated` found. */
export function sessionOf(response: Response): Session {
  return response.locals['session'] as Session
}

/** A handler for signed-in users, behind `authenticated`. */
export function asUser(handler: SessionHandler): RequestHandler {
  return (request, response) => handler(sessionOf(response), request, response)
}

/** Behind `authenticated`: lets owners of the relay pass alone; `actorOf` has them afterwards. */
export const asOwner: RequestHandler = (_request, response, next) => {
  const { user } = sessionOf(response)
  if (user.role !== 'owner') throw new ProtocolError('not-permitted', 'only an owner of the relay may do that')
  actsAs(response, { userId: user.id })
  next()
}

/** Says who acts; only for what has found out. */
export function actsAs(response: Response, actor: Actor): void {
  response.locals['actor'] = actor
}

/** Whom `asOwner` let pass. */
export function actorOf(response: Response): Actor {
  return response.locals['actor'] as Actor
}
