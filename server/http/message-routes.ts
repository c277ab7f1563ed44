// REST of messages, their former texts and pins, reactions and read marks [SPEC §5]: builds operations and reads; decides nothing itself.
import type { IRouter, Request, RequestHandler } from 'express'
import { parse } from '../../protocol/parse.ts'
import {
  editMessageSchema,
  listMessagesSchema,
  markReadSchema,
  reactionPathSchema,
  sendMessageSchema
} from '../../protocol/rest.ts'
import { timeText } from '../clock.ts'
import { roomOfSend } from '../domain/asides.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function messageRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { sessions, reading, writing, now } = parts
  const session = [authenticated(sessions), limits.perSession]

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
        const { messages, reactions, more } = await reading.page(user.id, roomId, { ...from, ...atMost })
        response.json({ messages, reactions, olderCursor: more ? (messages[0]?.seq ?? before ?? null) : null })
      })
    ],
    post: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const { id, sentAt = timeText(now()), ...message } = parse(sendMessageSchema, bodyOf(request))
        const operation = { type: 'message.send', roomId, messageId: id, sentAt, ...message } as const
        const sent = await writing.write(user.id, operation, (after) =>
          after.message(roomOfSend(operation, user.id), id)
        )
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
        const operation = {
          type: 'message.edit',
          roomId,
          messageId,
          ...parse(editMessageSchema, bodyOf(request))
        } as const
        const edited = await writing.write(user.id, operation, (after) => after.message(roomId, messageId))
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

  endpoint(router, '/rooms/:roomId/messages/:messageId/edits', {
    get: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const messageId = pathId(request, 'messageId', 'message-not-found')
        response.json({ edits: await reading.edits(user.id, roomId, messageId) })
      })
    ]
  })

  const pin = (set: boolean): RequestHandler[] => [
    ...session,
    asUser(async ({ user }, request, response) => {
      const roomId = pathId(request, 'roomId', 'room-not-found')
      const messageId = pathId(request, 'messageId', 'message-not-found')
      await writing.write(user.id, { type: 'message.pin', roomId, messageId, set }, async () => true)
      response.status(204).end()
    })
  ]
  endpoint(router, '/rooms/:roomId/pins/:messageId', { put: pin(true), delete: pin(false) })

  endpoint(router, '/rooms/:roomId/messages/:messageId/reactions/:emoji', {
    put: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const operation = { type: 'reaction.set', ...reactionIn(request), set: true } as const
        const { roomId, messageId, emoji } = operation
        const reacted = await writing.write(user.id, operation, async (after) => {
          const own = await after.reactionsBy(roomId, messageId, user.id)
          return own.find((reaction) => reaction.emoji === emoji)
        })
        response.json({ reaction: reacted.value })
      })
    ],
    delete: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const operation = { type: 'reaction.set', ...reactionIn(request), set: false } as const
        await writing.write(user.id, operation, async () => true)
        response.status(204).end()
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/read', {
    put: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const { seq } = parse(markReadSchema, bodyOf(request))
        const marked = await writing.write(user.id, { type: 'read.mark', roomId, seq }, (after) =>
          after.membership(user.id, roomId)
        )
        response.json({ membership: marked.value })
      })
    ]
  })
}

function reactionIn(request: Request): { roomId: string; messageId: string; emoji: string } {
  return {
    roomId: pathId(request, 'roomId', 'room-not-found'),
    messageId: pathId(request, 'messageId', 'message-not-found'),
    ...parse(reactionPathSchema, request.params)
  }
}
