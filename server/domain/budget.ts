// How much one answer may hold, over all that it answers. Reads nothing.
import { jsonBytes } from '../bytes.ts'
import { grouped } from '../grouped.ts'
import type { MessagePage } from '../storage/port.ts'

/** What is left of one answer's room. */
export interface Budget {
  records: number
  bytes: number
}

/** The newest messages of a page, at least one, with which all that are set on them fits; the others come with the next one. */
export function fitting(page: MessagePage, { records, bytes }: Budget): MessagePage {
  const { messages, reactions } = page
  if (reactions.length === 0) return page
  if (messages.length + reactions.length <= records && jsonBytes([messages, reactions]) <= bytes) return page
  const hanging = grouped(reactions, ({ messageId }) => messageId)
  let first = messages.length
  for (const [index, message] of [...messages.entries()].toReversed()) {
    const together = [message, ...(hanging.get(message.id) ?? [])]
    records -= together.length
    bytes -= jsonBytes(together)
    if (first < messages.length && (records < 0 || bytes < 0)) break
    first = index
  }
  const kept = messages.slice(first)
  const firstSeq = kept[0]?.seq ?? 0
  return {
    ...page,
    messages: kept,
    reactions: reactions.filter(({ seq }) => seq >= firstSeq),
    more: first > 0 || page.more
  }
}

/** Whether nothing more may be added. */
export function isSpent(budget: Budget): boolean {
  return budget.records <= 0 || budget.bytes <= 0
}

/** Takes what these records need; a last one may need more than there was. */
export function spend(budget: Budget, records: readonly unknown[]): void {
  budget.records -= records.length
  budget.bytes -= records.length === 0 ? 0 : jsonBytes(records)
}
