// What is done in the matrix test, and what there is to each act besides the document's table. Written apart from the code under test.
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Operation } from '../../protocol/operations.ts'
import { bodyOf, ofMember, ofMessage, patchRoom, postMessage, rooms } from './matrix-addresses.ts'
import type { Address } from './matrix-addresses.ts'
import type { Row } from './matrix-table.ts'
import { sent } from './matrix-world.ts'
import type { Actor, Place, Who, World } from './matrix-world.ts'

export type Outcome = 'accepted' | ErrorCode

export interface Case {
  name: string
  row: Row
  /** To whom it is done. */
  target?: Who
  /** Accepted it changes who may what: it is done in a room of its own. */
  structural?: true
  /** [S11.6] */
  whenClosed?: true
  operation: (world: World, place: Place, who: Actor) => Operation
  /** Undefined: there is no such address. */
  address?: (operation: Operation) => Address
  /** For who may by the table: what else there is to it. */
  otherwise?: (place: Place, who: Actor) => Outcome | undefined
  /** For who is not in the room any more. */
  ended?: (place: Place, who: Actor) => Outcome | undefined
}

const ANY_MESSAGE = '01900000-0000-7000-8000-000000000000'
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
let unique = 0
const text = (): string => `number ${(unique += 1)}`

const mine = (place: Place, who: Who): { id: string; other: string } =>
  place.mine.get(who) ?? place.mine.get('target') ?? { id: ANY_MESSAGE, other: ANY_MESSAGE }
/** Somebody else's. */
const theirs = (place: Place, who: Who): string =>
  [...place.mine].find(([author]) => author !== who)?.[1].id ?? mine(place, who).id
/** [S11.5] Nothing new is said where not all hear it. */
const heard = ({ hearersLeft }: Place): Outcome | undefined => (hearersLeft ? 'recipient-left' : undefined)
const isJoined = ({ standing }: Place, who: Who): boolean => ['owner', 'admin', 'member'].includes(standing[who])

function removing(target: Who): Case {
  return {
    name: `removes ${target}`,
    row: 'remove',
    target,
    structural: true,
    operation: (world, { roomId }) => ({ type: 'member.remove', roomId, userId: world.id(target) }),
    address: (operation) => ofMember('DELETE', 'members', operation),
    otherwise: () => (target === 'newcomer' ? 'user-not-found' : undefined)
  }
}

function banning(target: Who, set = true): Case {
  return {
    name: set ? `bans ${target}` : `lifts the ban of ${target}`,
    row: 'remove',
    target,
    structural: true,
    operation: (world, { roomId }) => ({ type: 'member.ban', roomId, userId: world.id(target), set }),
    address: (operation) => ofMember(set ? 'PUT' : 'DELETE', 'bans', operation),
    otherwise: ({ kind }) => (target === 'newcomer' && kind !== 'open' ? 'user-not-found' : undefined)
  }
}

function ruling(target: Who, role: 'admin' | 'owner'): Case {
  return {
    name: `makes ${target} ${role}`,
    row: 'rule',
    target,
    structural: true,
    operation: (world, { roomId }) => ({ type: 'member.role', roomId, userId: world.id(target), role }),
    address: (operation) => ofMember('PATCH', 'members', operation),
    otherwise: (place) => (isJoined(place, target) ? undefined : 'user-not-found')
  }
}

function adding(target: Who): Case {
  return {
    name: `adds ${target}`,
    row: 'add',
    structural: true,
    operation: (world, { roomId }) => ({ type: 'member.add', roomId, userIds: [world.id(target)] }),
    address: (operation) => ({
      method: 'POST',
      path: rooms('roomId' in operation ? operation.roomId : '', '/members'),
      json: bodyOf(operation)
    }),
    otherwise: () => (target === 'banned' ? 'banned' : undefined)
  }
}

function aside(target: Who): Case {
  return {
    name: `says something to ${target} alone`,
    row: 'aside',
    operation: (world, { roomId }) => ({ ...sent(roomId, text()), to: [world.id(target)] }),
    address: postMessage,
    otherwise: (_place, who) => (who === target ? 'invalid' : target === 'left' ? 'recipient-left' : undefined)
  }
}

export const CASES: readonly Case[] = [
  {
    name: 'marks as read',
    row: 'read',
    whenClosed: true,
    operation: (_world, { roomId }) => ({ type: 'read.mark', roomId, seq: 1 }),
    address: (operation) => ({
      method: 'PUT',
      path: rooms('roomId' in operation ? operation.roomId : '', '/read'),
      json: bodyOf(operation)
    })
  },
  {
    name: 'mutes',
    row: 'read',
    whenClosed: true,
    operation: (_world, { roomId }) => ({ type: 'room.settings', roomId, pinned: (unique += 1) % 2 === 0 }),
    ended: () => 'accepted'
  },
  {
    name: 'reacts',
    row: 'read',
    operation: (_world, place, who) => {
      return { type: 'reaction.set', roomId: place.roomId, messageId: theirs(place, who), emoji: '👍', set: true }
    },
    address: (operation) => {
      const { method, path } = ofMessage('PUT', operation)
      return { method, path: `${path}/reactions/${encodeURIComponent('👍')}` }
    }
  },
  {
    name: 'writes',
    row: 'write',
    operation: (_world, { roomId }) => sent(roomId, text()),
    address: postMessage,
    otherwise: heard
  },
  aside('target'),
  aside('left'),
  aside('admin'),
  {
    name: 'edits an own message',
    row: 'write',
    operation: (_world, place, who) => {
      return { type: 'message.edit', roomId: place.roomId, messageId: mine(place, who).id, body: text() }
    },
    address: (operation) => ofMessage('PATCH', operation),
    otherwise: heard
  },
  {
    name: 'edits a message of another',
    row: 'write',
    operation: (_world, place, who) => {
      return { type: 'message.edit', roomId: place.roomId, messageId: theirs(place, who), body: text() }
    },
    address: (operation) => ofMessage('PATCH', operation),
    otherwise: ({ kind }) => (kind === 'notes' ? undefined : 'not-permitted')
  },
  {
    name: 'deletes an own message',
    row: 'delete',
    whenClosed: true,
    operation: (_world, place, who) => {
      return { type: 'message.delete', roomId: place.roomId, messageId: mine(place, who).other }
    },
    address: (operation) => ofMessage('DELETE', operation)
  },
  {
    name: 'deletes a message of another',
    row: 'delete',
    whenClosed: true,
    operation: (_world, place, who) => {
      return { type: 'message.delete', roomId: place.roomId, messageId: theirs(place, who) }
    },
    address: (operation) => ofMessage('DELETE', operation),
    otherwise: ({ kind }) => (kind === 'notes' ? undefined : 'not-permitted')
  },
  {
    name: 'renames',
    row: 'shape',
    operation: (_world, { roomId }) => ({ type: 'room.rename', roomId, name: text() }),
    address: patchRoom
  },
  {
    name: 'sets the topic',
    row: 'shape',
    operation: (_world, { roomId }) => ({ type: 'room.change', roomId, topic: text() }),
    address: patchRoom
  },
  {
    name: 'sets the picture',
    row: 'shape',
    operation: (_world, { roomId }) => ({ type: 'room.change', roomId, avatar: PIXEL }),
    address: patchRoom
  },
  {
    name: 'sets who writes',
    row: 'writers',
    structural: true,
    operation: (_world, { roomId, adminsWrite }) => {
      return { type: 'room.change', roomId, writers: adminsWrite ? null : 'admins' }
    },
    address: patchRoom
  },
  adding('newcomer'),
  adding('target'),
  adding('banned'),
  removing('target'),
  removing('admin'),
  removing('owner'),
  removing('newcomer'),
  banning('target'),
  banning('admin'),
  banning('owner'),
  banning('left'),
  banning('newcomer'),
  banning('banned', false),
  ruling('target', 'admin'),
  ruling('target', 'owner'),
  ruling('left', 'admin'),
  {
    name: 'leaves',
    row: 'leave',
    structural: true,
    whenClosed: true,
    operation: (world, { roomId }, who) => ({ type: 'member.remove', roomId, userId: world.id(who) }),
    address: (operation) => ofMember('DELETE', 'members', operation),
    ended: ({ kind }) => (kind === 'aside' ? undefined : 'accepted')
  },
  {
    name: 'joins',
    row: 'join',
    structural: true,
    whenClosed: true,
    operation: (_world, { roomId }) => ({ type: 'room.join', roomId }),
    address: (operation) => ({ method: 'POST', path: rooms('roomId' in operation ? operation.roomId : '', '/join') }),
    ended: ({ kind, closed }, who) => {
      if (kind !== 'open') return undefined
      return closed ? 'room-closed' : who === 'banned' ? 'banned' : 'accepted'
    }
  },
  {
    name: 'closes',
    row: 'rule',
    structural: true,
    whenClosed: true,
    operation: (_world, { roomId }) => ({ type: 'room.close', roomId }),
    address: (operation) => ({ method: 'POST', path: rooms('roomId' in operation ? operation.roomId : '', '/close') })
  }
]
