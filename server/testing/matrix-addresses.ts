// How REST says the operations of the matrix test [SPEC §5].
import type { Operation } from '../../protocol/operations.ts'

/** An address of REST under /api/v1. */
export interface Address {
  method: string
  path: string
  json?: unknown
}

export const rooms = (roomId: string, rest = ''): string => `rooms/${roomId}${rest}`
/** The operation's fields but for those that are in the address. */
export const bodyOf = (operation: Operation, ...inPath: string[]): object =>
  Object.fromEntries(Object.entries(operation).filter(([name]) => !['type', 'roomId', ...inPath].includes(name)))

export const patchRoom = (operation: Operation): Address => {
  return { method: 'PATCH', path: rooms('roomId' in operation ? operation.roomId : ''), json: bodyOf(operation) }
}
export const postMessage = (operation: Operation): Address => {
  if (operation.type !== 'message.send') throw new Error('not a message')
  return {
    method: 'POST',
    path: rooms(operation.roomId, '/messages'),
    json: { ...bodyOf(operation, 'messageId'), id: operation.messageId }
  }
}
export const ofMessage = (method: string, operation: Operation): Address => {
  if (!('messageId' in operation)) throw new Error('not about a message')
  const path = rooms(operation.roomId, `/messages/${operation.messageId}`)
  return method === 'DELETE' ? { method, path } : { method, path, json: bodyOf(operation, 'messageId') }
}
export const ofMember = (method: string, folder: string, operation: Operation): Address => {
  if (!('userId' in operation) || !('roomId' in operation)) throw new Error('not about a member')
  const path = rooms(operation.roomId, `/${folder}/${operation.userId}`)
  return method === 'PATCH' ? { method, path, json: bodyOf(operation, 'userId') } : { method, path }
}
