// What the client's start is compared with: a page that opens Dexie, reads one page of a room by its index, and shows it. No more.
// The address says which: ?room=<id>&from=<seq>&to=<seq>.
import { Dexie } from 'dexie'

export interface RawPage {
  /** Adds rows as they come. */
  add(rows: readonly { key: string }[]): Promise<void>
  /** From before Dexie was opened until the rows were there. */
  readMs: number | undefined
}

declare global {
  interface Window {
    rawPage: RawPage
  }
}

const began = performance.now()
const database = new Dexie('raw')
database.version(1).stores({ messages: 'key, [roomId+seq]' })
const messages = database.table<{ body: string; key: string }, string>('messages')

const page: RawPage = {
  add: async (rows) => {
    await messages.bulkAdd(rows as { body: string; key: string }[])
  },
  readMs: undefined
}
window.rawPage = page

async function show(room: string, from: number, to: number): Promise<void> {
  const rows = await messages.where('[roomId+seq]').between([room, from], [room, to], true, true).toArray()
  page.readMs = performance.now() - began
  for (const { body } of rows) {
    const line = document.createElement('p')
    line.dataset['testid'] = 'message-body'
    line.textContent = body
    document.body.append(line)
  }
  window.scrollTo(0, document.body.scrollHeight)
}

const asked = new URLSearchParams(window.location.search)
const room = asked.get('room')
if (room !== null) await show(room, Number(asked.get('from')), Number(asked.get('to')))
