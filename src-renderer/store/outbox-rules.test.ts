// Rules of the outbox at moments that a seed has found once (outbox-model.test.ts): each by its name, so that none comes back.
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../protocol/operations.ts'
import { DEPENDS_ON_REFUSED, FRESH_COUNTER, numberEntries, retryEntries, TAKEN_BACK } from './outbox-rules.ts'
import { planOperation } from './plan-operation.ts'
import { idleRefusals, planFallout } from './removal-plans.ts'
import type { OutboxEntry } from './sync-store.ts'

let place = 0
const entry = (id: string, operation: Operation, more: Partial<OutboxEntry> = {}): OutboxEntry => {
  return { id, place: ++place, n: null, createdAt: '', dependsOn: [], operation, state: 'pending', ...more }
}
const send = (messageId: string, replyTo?: string): Operation => {
  const common = { type: 'message.send', roomId: 'room', messageId, body: `words of ${messageId}`, sentAt: '' } as const
  return replyTo === undefined ? common : { ...common, replyTo }
}
const react = (messageId: string): Operation => {
  return { type: 'reaction.set', roomId: 'room', messageId, emoji: '👍', set: true }
}

describe('the outbox’s rules', () => {
  it('[S2] while a message is being taken back nothing that depends on it is numbered, however far behind', () => {
    const taken = entry('question', send('a'), { state: 'refused', error: TAKEN_BACK })
    const answer = entry('answer', send('b', 'a'), { dependsOn: ['question'] })
    const reaction = entry('reaction', react('b'), { dependsOn: ['answer'], n: 1 })
    const free = entry('free', send('c'))
    const changes = numberEntries([taken, answer, reaction, free], FRESH_COUNTER, 10)
    expect([...changes].map(([id, { n }]) => [id, n])).toEqual([
      ['reaction', null],
      ['free', 1]
    ])
    const { put, remove } = planFallout(taken, [taken, answer, { ...reaction, n: 1 }, free])
    expect(remove).toEqual([])
    expect([...put.values()].map(({ id, n }) => [id, n])).toEqual([
      ['answer', null],
      ['reaction', null]
    ])
  })

  it('[S6] an answer whose question is gone goes without its quote when it is retried, at the first time', () => {
    const fallen = { state: 'refused', error: DEPENDS_ON_REFUSED, n: 2 } as const
    const answer = entry('answer', send('b', 'a'), { dependsOn: ['question'], ...fallen })
    const make = { newId: () => 'again', nextPlace: () => 99 }
    const again = retryEntries([answer], 'answer', make).get('answer')!
    expect(again).toMatchObject({ id: 'again', state: 'pending', n: null, dependsOn: [] })
    expect(again.operation).not.toHaveProperty('replyTo')
    // While the question is there, refused too, both go again as they were.
    const question = entry('question', send('a'), { state: 'refused', error: DEPENDS_ON_REFUSED })
    const both = retryEntries([question, answer], 'answer', { newId: () => `new ${++place}`, nextPlace: () => ++place })
    expect(both.get('answer')!.operation).toHaveProperty('replyTo', 'a')
    expect(both.get('answer')!.dependsOn).toEqual([both.get('question')!.id])
  })

  it('[S2] adding several people, one of whose removal was numbered while it was decided, adds that one too', () => {
    const operation: Operation = { type: 'member.add', roomId: 'room', userIds: ['x', 'y'] }
    const creation = entry('creation', {
      type: 'room.create',
      roomId: 'room',
      kind: 'group',
      name: 'hall',
      memberIds: ['x']
    })
    const removal = entry('removal', { type: 'member.remove', roomId: 'room', userId: 'x' })
    const made = { id: 'addition', place: 50, createdAt: '' }
    const base = { userId: 'me' }
    const sent = { ...creation, n: 1 }
    const first = planOperation(operation, [sent, removal], base, made)
    expect([first.remove, first.add!.map((each) => each.operation)]).toEqual([
      ['removal'],
      [{ ...operation, userIds: ['y'] }]
    ])
    const again = planOperation(operation, [sent, { ...removal, n: 2 }, ...first.add!], base, made)
    expect(again.put!.get('addition')!.operation).toEqual({ ...operation, userIds: ['y', 'x'] })
  })

  it('[S6] nobody has to decide about reactions to what is not there, nor about read marks; about words always', () => {
    const gone = { code: 'message-not-found', message: '' }
    const entries = [
      entry('reaction', react('a'), { state: 'refused', error: gone }),
      entry('full', react('a'), { state: 'refused', error: { code: 'too-many-reactions', message: '' } }),
      entry('mark', { type: 'read.mark', roomId: 'room', seq: 3 }, { state: 'refused', error: DEPENDS_ON_REFUSED }),
      entry(
        'edit',
        { type: 'message.edit', roomId: 'room', messageId: 'a', body: 'words' },
        { state: 'refused', error: gone }
      ),
      entry('send', send('b', 'a'), { state: 'refused', error: gone })
    ]
    expect(idleRefusals(entries)).toEqual(['reaction', 'mark'])
  })

  it('[S10.5, S13] nobody has to decide about a deletion of what the relay has lost, nor about an edit whose words its message is sent with again', () => {
    const refused = (code: string) => ({ state: 'refused', error: { code, message: '' } }) as const
    const deletion = { type: 'message.delete', roomId: 'room', messageId: 'a' } as const
    const edit = { type: 'message.edit', roomId: 'room', messageId: 'b' } as const
    const again = send('b')
    const body = again.type === 'message.send' ? again.body : ''
    const entries = [
      entry('no room', deletion, refused('room-not-found')),
      entry('not let', deletion, refused('not-a-member')),
      entry('said', { ...edit, body }, refused('message-not-found')),
      entry('other', { ...edit, body: 'not yet said' }, refused('message-not-found')),
      entry('send', again)
    ]
    expect(idleRefusals(entries)).toEqual(['no room', 'said'])
  })
})
