// People who act by REST alone: quick to have, where a spec looks at somebody else's screen.
import { newId } from '../protocol/values.ts'
import { PASSWORD } from './client.ts'

type Json = Record<string, unknown>

export interface Neighbour {
  id: string
  act(method: string, path: string, body?: unknown): Promise<Json>
  /** Makes a room; resolves with its id. */
  room(
    room: { kind?: 'group' | 'open'; name: string; topic?: string; writers?: 'admins' },
    members?: readonly Neighbour[]
  ): Promise<string>
  say(roomId: string, body: string, more?: { replyTo?: string; to?: string[]; mentions?: string[] }): Promise<string>
}

export async function neighbour(url: string, username: string, displayName: string): Promise<Neighbour> {
  const call = async (method: string, path: string, body?: unknown, token?: string): Promise<Json> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    const words = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${words}`)
    return JSON.parse(words || '{}') as Json
  }
  const account = await call('POST', '/accounts', { username, password: PASSWORD, displayName })
  const act = async (method: string, path: string, body?: unknown) => call(method, path, body, String(account['token']))
  return {
    id: (account['user'] as { id: string }).id,
    act,
    async room({ kind = 'group', ...room }, members = []) {
      const id = newId()
      await act('POST', '/rooms', { id, kind, ...room, memberIds: members.map((member) => member.id) })
      return id
    },
    async say(roomId, body, more = {}) {
      const id = newId()
      await act('POST', `/rooms/${roomId}/messages`, { id, body, ...more })
      return id
    }
  }
}
