// Where what was said aside stands in the room that it belongs to [S11.5]. Plain functions of rows.
import type { MessageRow } from './schemas.ts'

/** A message of an aside with what decides where it stands. */
interface Placed {
  row: MessageRow
  anchorSeq: number
  at: string
}

/**
 * Messages of asides of one room in the order in which they stand, ascending by what they are anchored to. In one aside its own order holds, whatever
 * a relay that went back has done to anchors and clocks; between several asides the relay's label of when they came decides, which everybody sees alike.
 * @param rows in any order
 */
export function inAsideOrder(rows: Iterable<MessageRow>): { row: MessageRow; anchorSeq: number }[] {
  const byAside = new Map<string, MessageRow[]>()
  for (const row of rows) {
    const aside = byAside.get(row.roomId)
    if (aside) aside.push(row)
    else byAside.set(row.roomId, [row])
  }
  const placed: Placed[] = []
  for (const aside of byAside.values()) {
    let [anchorSeq, at] = [0, '']
    for (const row of aside.toSorted((a, b) => a.seq - b.seq || a.epoch - b.epoch)) {
      anchorSeq = Math.max(anchorSeq, row.anchorSeq ?? 0)
      at = row.acceptedAt > at ? row.acceptedAt : at
      placed.push({ row, anchorSeq, at })
    }
  }
  return placed.toSorted(
    (a, b) =>
      a.anchorSeq - b.anchorSeq ||
      compare(a.at, b.at) ||
      compare(a.row.roomId, b.row.roomId) ||
      a.row.seq - b.row.seq ||
      a.row.epoch - b.row.epoch
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
