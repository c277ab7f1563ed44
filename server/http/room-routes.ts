// REST of rooms, members and messages [SPEC §5]: builds operations and reads; decides nothing itself.
import type { IRouter } from 'express'
import { parse } from '../../protocol/parse.ts'
import {
  addMembersSchema,
  createRoomSchema,
  editMessageSchema,
  listMessagesSchema,
  sendMessageSchema
} from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { timeText } from '../clock.ts'
import { requireJoined } from '../domain/access.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function roomRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { sessions, reading, writing, now } = parts
  const session = [authenticated(sessions), limits.perSession]

  endpoint(router, '/rooms', {
    get: [
      ...session,
      asUser(async ({ user }, _request, response) => {
        response.json({ rooms: await reading.rooms(user.id) })
      })
    ],
    post: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const { id = newId(), kind, name, memberIds = [] } = parse(createRoomSchema, bodyOf(request))
        const operation = { type: 'room.create', roomId: id, kind, name, memberIds } as const
        const made = await writing.write(user.id, operation, async (after) => {
          await requireJoined(after, id, user.id)
          return after.room(id)
        })
        response.status(made.changed ? 201 : 200).json({ room: made.value })
      })
    ]
  })

  endpoint(router, '/rooms/:roomId', {
    get: [
      ...session,
      asUser(async ({ user }, request, response) => {
        response.json(await reading.room(user.id, pathId(request, 'roomId', 'room-not-found')))
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/members', {
    post: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const { userIds } = parse(addMembersSchema, bodyOf(request))
        const added = await writing.write(user.id, { type: 'member.add', roomId, userIds }, (after) =>
          after.members(roomId)
        )
        response.json({ members: added.value })
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/members/:userId', {
    delete: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const userId = pathId(request, 'userId', 'user-not-found')
        await writing.write(user.id, { type: 'member.remove', roomId, userId }, async () => true)
        response.status(204).end()
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/messages', {
    get: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const { before, since, limit } = parse(listMessagesSchema, request.query)
        const atMost = limit === undefined ? {} : { limit }
        if (since !== undefined) {
          response.json(await reading.messagesSince(user.id, roomId, { since, ...atMost }))
          return
        }
        const from = before === undefined ? {} : { before }
        const { messages, more } = await reading.page(user.id, roomId, { ...from, ...atMost })
        response.json({ messages, olderCursor: more ? (messages[0]?.seq ?? before ?? null) : null })
      })
    ],
    post: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const { id, body, sentAt = timeText(now()), replyTo } = parse(sendMessageSchema, bodyOf(request))
        const reply = replyTo === undefined ? {} : { replyTo }
        const operation = { type: 'message.send', roomId, messageId: id, body, sentAt, ...reply } as const
        const sent = await writing.write(user.id, operation, (after) => after.message(roomId, id))
        response.status(sent.changed ? 201 : 200).json({ message: sent.value })
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/messages/:messageId', {
    patch: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const messageId = pathId(request, 'messageId', 'message-not-found')
        const { body } = parse(editMessageSchema, bodyOf(request))
        const edited = await writing.write(user.id, { type: 'message.edit', roomId, messageId, body }, (after) =>
          after.message(roomId, messageId)
        )
        response.json({ message: edited.value })
      })
    ],
    delete: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const messageId = pathId(request, 'messageId', 'message-not-found')
        await writing.write(user.id, { type: 'message.delete', roomId, messageId }, async () => true)
        response.status(204).end()
      })
    ]
  })
}
