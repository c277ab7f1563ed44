// Deliberate bugs: each is a change of one place in the product's text, made while the simulation is loaded and nowhere else.

export interface Mutant {
  /** What is forgotten, after the rule that forbids it. */
  name: string
  /** From the root. */
  file: string
  /** What is there, exactly once, … */
  find: string
  /** … and what stands there instead. */
  put: string
  /** Where to begin: worlds that are known to show it come first. */
  seed?: number
}

const RELAY_MUTANTS: readonly Mutant[] = [
  {
    name: '[S1] a commit is acknowledged and told before it is on the disk',
    file: 'server/storage/lowdb/journal.ts',
    find: 'await current.file.datasync()',
    put: 'void current.file',
    seed: 7
  },
  {
    name: '[S1] memory is changed before the journal has the commit, which may then fail',
    file: 'server/storage/lowdb/lowdb-storage.ts',
    find: 'const number = await this.#append(entryToJson({ ...entry, devices }))',
    put: `takeEntry(this.#parts, entry, this.#parts.journal.lastEntry + 1, held)
          const number = await this.#append(entryToJson({ ...entry, devices }))`,
    seed: 2
  },
  {
    name: '[S2.1] answers are forgotten: a repeat is decided again',
    file: 'server/domain/push.ts',
    find: 'if (operation.n <= device.answered) {',
    put: 'if (operation.n <= device.answered && operation.operation instanceof ProtocolError) {',
    seed: 8
  },
  {
    name: '[S2.6] the change is stored without the answer',
    file: 'server/domain/push.ts',
    find: 'draft.putDevice({ ...device, settled, answered, answers: [...remembered, ...decided] })',
    put: 'if (answered % 5 !== 0) draft.putDevice({ ...device, settled, answered, answers: [...remembered, ...decided] })'
  },
  {
    name: '[S2.6] of each message three characters are stored',
    file: 'server/domain/messages.ts',
    find: `    body,
    sentAt,
    acceptedAt: now`,
    put: `    body: body.slice(0, 3),
    sentAt,
    acceptedAt: now`
  },
  {
    name: '[S4] seqs are given by a clock',
    file: 'server/storage/draft.ts',
    find: 'open.headSeq += 1',
    put: 'open.headSeq = Math.max(open.headSeq + 1, Math.floor(Date.parse(message.sentAt) / 1000) % 50)'
  },
  {
    name: '[S11.1] who is removed is still told',
    file: 'server/socket/telling.ts',
    find: 'io.in(userStream(userId)).socketsLeave(streams)',
    put: 'void streams'
  },
  {
    name: '[S11.4] pages of a room that is read from joining on go down to its beginning',
    file: 'server/domain/reading.ts',
    find: `      ...(before === undefined ? {} : { before }),
      ...(floor === 0 ? {} : { afterSeq: floor })
    })
    const { messages`,
    put: `      ...(before === undefined ? {} : { before })
    })
    const { messages`,
    seed: 11
  },
  {
    name: '[S11.4] hints of a room that is read from joining on hold what was before',
    file: 'server/socket/telling.ts',
    find: 'const below = roomId === undefined ? [] : floors.below(roomId, records)',
    put: 'const below: { userIds: string[]; readable: typeof records }[] = []; void roomId',
    seed: 31
  },
  {
    name: '[S11.5] what is said aside is told to all',
    file: 'server/socket/telling.ts',
    find: 'let others = io.to(stream)',
    put: `let others = io.to(
      records.some((record) => record.type === 'message' && record.anchorSeq !== undefined) ? USERS_STREAM : stream
    )`
  },
  {
    name: '[S11.5] an aside is open to who is not in its room any more',
    file: 'server/domain/access.ts',
    find: 'if (member.parentId !== undefined && !(await isJoined(reader, member.parentId, userId))) throw notAMember()',
    put: 'void isJoined',
    seed: 58
  },
  {
    name: '[S11.5] who comes back is told of asides of rooms that they have left',
    file: 'server/socket/telling.ts',
    find: 'isIn(roomId) && isIn(parentId)',
    put: 'isIn(roomId) && parentId.length > 0',
    seed: 53
  },
  {
    name: '[S11.6] in a closed room one may go on',
    file: 'server/domain/permissions.ts',
    find: 'return TABLE[act].whenClosed',
    put: 'return TABLE[act].whenClosed || true',
    seed: 33
  },
  {
    name: '[S11.7] who is banned can be added again',
    file: 'server/domain/joining.ts',
    find: 'if (member?.banned) throw banned(`userIds[${index}]`)',
    put: 'void index',
    seed: 11
  },
  {
    name: '[S12.1] the watermark of who has read goes back',
    file: 'server/domain/own.ts',
    find: 'const readSeq = Math.max(seq, membership.readSeq ?? 0)',
    put: 'const readSeq = seq',
    seed: 91
  },
  {
    name: '[S12.1] a mark is one of the first message, whatever it says',
    file: 'server/domain/own.ts',
    find: 'const seq = Math.min(operation.seq, await',
    put: 'const seq = Math.min(1, await'
  },
  {
    name: '[S10.2] a relay that went back does not say so',
    file: 'server/domain/reading.ts',
    find: 'if (await storage.wentBack(stream, { epoch, rev: since })) {',
    put: 'if (since < 0) {',
    seed: 4
  }
]

const DEVICE_MUTANTS: readonly Mutant[] = [
  {
    name: '[S2] what is numbered is sent before the number is on the disk',
    file: 'src-renderer/store/memory-sync-store.ts',
    find: `      change(numberEntries(entries(), counter, limit))
      return entries().filter(({ state, n }) => state === 'pending' && n !== null)`,
    put: `      const numbered = numberEntries(entries(), counter, limit)
      queueMicrotask(() => disk.lastPlace % 3 === 0 && change(numbered))
      const all = entries().map((entry) => numbered.get(entry.id) ?? entry)
      return all.filter(({ state, n }) => state === 'pending' && n !== null).toSorted(byOutboxOrder)`,
    seed: 20
  },
  {
    name: '[S2.1] the outbox goes out backwards',
    file: 'src-renderer/store/outbox-rules.ts',
    find: '(a.n ?? Infinity) - (b.n ?? Infinity) || a.place - b.place',
    put: '(a.n ?? Infinity) - (b.n ?? Infinity) || b.place - a.place'
  },
  {
    name: '[S2] who marks a room as read takes back what waits',
    file: 'src-renderer/store/plan-operation.ts',
    find: 'return planRead(operation, entries, base, place)',
    put: `return {
        ...planRead(operation, entries, base, place),
        remove: entries.filter((each) => each.operation.type === 'message.send' && each.n === null).map(({ id }) => id)
      }`
  },
  {
    name: '[S2.2] answers are settled before they are stored',
    file: 'src-renderer/sync/push-loop.ts',
    find: `      await store.storeAnswers(result.epoch, result.answers)
      settled = await store.loadAnswered()
    }
    failures`,
    put: `      settled = Math.max(settled, ...result.answers.map(({ n }) => n))
      void store.storeAnswers(result.epoch, result.answers).catch(() => {})
    }
    failures`
  },
  {
    name: '[S7.1] a hint is trusted: applied without asking whether one before it is missing',
    file: 'src-renderer/sync/stream-state.ts',
    find: "return hint.from > position ? 'wait' : 'apply'",
    put: "return 'apply'",
    seed: 37
  },
  {
    name: '[S7.2] a hint without records is taken for nothing',
    file: 'src-renderer/sync/stream-state.ts',
    find: "if (hint.records === undefined) return 'pull'",
    put: "if (hint.records === undefined) return 'ignore'",
    seed: 71
  },
  {
    name: '[S7.3] hints are applied while their stream is pulled',
    file: 'src-renderer/sync/hints.ts',
    find: 'if (track.need !== null || track.pulling || track.kept.length === 0) return',
    put: 'if (track.kept.length === 0) return'
  },
  {
    name: '[S8] older versions replace newer ones',
    file: 'src-renderer/store/memory-sync-store.ts',
    find: 'before.epoch === epoch && before.record.rev >= record.rev',
    put: 'before.epoch === epoch && before.record.rev === record.rev',
    seed: 765
  },
  {
    name: '[S8] a page of history undoes a newer edit',
    file: 'src-renderer/store/memory-sync-store.ts',
    find: 'await store.applyRecords(stream, epoch, [...page.messages, ...page.reactions])',
    put: `for (const each of page.messages) disk.records.get(stream)?.delete(recordKey(each))
      await store.applyRecords(stream, epoch, [...page.messages, ...page.reactions])`,
    seed: 88
  },
  {
    name: '[S9.3] the checkpoint jumps with the newest page',
    file: 'src-renderer/sync/stream-state.ts',
    find: 'return { ...step, state: reached({ ...step.state, epoch, jump }) }',
    put: 'return { ...step, state: reached({ ...step.state, epoch, checkpoint: jump.target }) }'
  },
  {
    name: '[S11.5] who comes back into a room does not hear its asides again',
    file: 'src-renderer/sync/record-sync.ts',
    find: 'if (aside.state.parentId !== roomId) continue',
    put: 'if (aside.state.parentId !== roomId || isJoined) continue',
    seed: 28
  },
  {
    name: '[S11.1] what was done in a room before leaving it goes without a trace',
    file: 'src-renderer/sync/start-sync.ts',
    find: 'await keepEffects(store, userId, made, durable, told)',
    put: 'void keepEffects',
    seed: 3
  },
  {
    name: '[S11.4] what was changed before one was away from a room, and of which one is not told, goes without a trace',
    file: 'src-renderer/sync/start-sync.ts',
    find: 'changesMessage(entry)) told.add(entry)',
    put: 'false) told.add(entry)',
    seed: 20_493
  },
  {
    name: '[S11.1] what was done in a room before leaving it stands in the way of the relay’s own records',
    file: 'src-renderer/sync/cut-off.ts',
    find: 'accepted.rev - 0.5',
    put: 'accepted.rev',
    seed: 21
  },
  {
    name: '[S10] the checkpoint is stored before the records',
    file: 'src-renderer/sync/record-writer.ts',
    find: '.map(storeReceived))',
    put: '.map((each) => void storeReceived(each).catch(() => {})))'
  },
  {
    name: '[S10.3] the counter goes on where the relay that went back does not',
    file: 'src-renderer/store/memory-sync-store.ts',
    find: 'disk.counter = { answered, beyond: [] }',
    put: 'void answered',
    seed: 4
  },
  {
    name: '[S10.5] of what a relay that went back has lost only messages are repeated',
    file: 'src-renderer/sync/lost.ts',
    find: 'versions.flatMap(({ held, served }) => repetitionsOf(held, served, userId))',
    put: 'versions.slice(versions.length) as never[]',
    seed: 32
  },
  {
    name: '[S10.5] what a relay that went back has lost is said twice',
    file: 'src-renderer/sync/lost.ts',
    find: 'return [...sends, ...versions',
    put: `const other = (id: string): string => id.slice(0, -1) + (id.endsWith('a') ? 'b' : 'a')
  const twice = sends.map((each) => ('messageId' in each ? { ...each, messageId: other(each.messageId) } : each))
  return [...sends, ...twice, ...versions`,
    seed: 4
  },
  {
    name: '[S10.5] what a relay that went back has lost comes back in the reverse order',
    file: 'src-renderer/sync/lost.ts',
    find: 'const sends = own.map(',
    put: 'const sends = own.toReversed().map(',
    seed: 4
  },
  {
    name: '[S10.5] what a relay that went back has lost is not brought back',
    file: 'src-renderer/sync/lost.ts',
    find: 'if (operations.length > 0) await store.repeatOperations(operations)',
    put: 'void store.repeatOperations',
    seed: 4
  }
]

export const MUTANTS = [...RELAY_MUTANTS, ...DEVICE_MUTANTS]
