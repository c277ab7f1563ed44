import { expect, test } from 'vitest'
import { asUser, invites, openRooms, ownAccount } from './rest-account.ts'
import { administration } from './rest-admin.ts'

interface Asked {
  what: string
  authorization: string | undefined
  body: unknown
}

/** A relay that answers everything the same. */
function answering(status: number, answer: unknown) {
  const asked: Asked[] = []
  const fetch = (async (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    asked.push({
      what: `${init.method} ${url.slice('http://relay/api/v1'.length)}`,
      authorization: headers['authorization'],
      body
    })
    return new Response(answer === undefined ? null : JSON.stringify(answer), { status })
  }) as typeof globalThis.fetch
  let token = 0
  const ask = asUser(() => ({ url: 'http://relay', token: `token-${++token}` }), { fetch })
  return { ask, asked }
}

test('what answers nothing goes to its route, each time with the token of that moment', async () => {
  const { ask, asked } = answering(204, undefined)
  const account = ownAccount(ask)
  await account.endSession('a/b')
  await account.endOtherSessions()
  await account.changePassword('old', 'new-new-new')
  await account.deleteAccount('old')
  await invites(ask).revoke('i')
  await administration(ask).disconnect('u')
  await administration(ask).endSession('u', 'd')
  expect(asked.map(({ what }) => what)).toEqual([
    'DELETE /sessions/a%2Fb',
    'DELETE /sessions?keep=current',
    'POST /users/me/password',
    'DELETE /users/me',
    'DELETE /invites/i',
    'POST /admin/users/u/disconnect',
    'DELETE /admin/users/u/sessions/d'
  ])
  expect(asked[0]?.authorization).toBe('Bearer token-1')
  expect(asked[2]?.body).toEqual({ currentPassword: 'old', newPassword: 'new-new-new' })
  expect(asked.at(-1)?.authorization).toBe('Bearer token-7')
})

test('pages are asked for by their cursor, and without one from the beginning', async () => {
  const { ask, asked } = answering(200, { rooms: [], users: [], entries: [], next: 'n', olderCursor: 3 })
  const admin = administration(ask)
  expect((await admin.users()).next).toBe('n')
  await admin.users('u 1')
  await admin.rooms('r')
  expect((await admin.audit(7)).olderCursor).toBe(3)
  await openRooms(ask)({ query: '마루 &' })
  await openRooms(ask)({})
  expect(asked.map(({ what }) => what)).toEqual([
    'GET /admin/users',
    'GET /admin/users?after=u+1',
    'GET /admin/rooms?after=r',
    'GET /admin/audit?before=7',
    `GET /open-rooms?${new URLSearchParams({ query: '마루 &' }).toString()}`,
    'GET /open-rooms'
  ])
})

test('an answer of another shape is no relay’s', async () => {
  const { ask } = answering(200, { sessions: [{ deviceId: 1 }] })
  await expect(ownAccount(ask).sessions()).rejects.toMatchObject({ code: 'not-a-relay' })
})
