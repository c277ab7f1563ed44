// What the client's start is compared with: a page that opens Dexie, reads one page of a room by its index, and shows it. No more.
// The address says which: ?room=<id>&from=<seq>&to=<seq>. And what sending is compared with: a field, lines, and a socket.
import { Dexie } from 'dexie'

export interface RawPage {
  /** Adds rows as they come. */
  add(rows: readonly { key: string }[]): Promise<void>
  /** From before Dexie was opened until the rows were there. */
  readMs: number | undefined
  /** From then on Enter in the field shows its words here, and sends them to whoever is connected there. Resolves when the socket is open. */
  connect(url: string): Promise<void>
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
  readMs: undefined,
  connect: async (url) => {
    const socket = new WebSocket(url)
    const main = document.body.appendChild(document.createElement('main'))
    const lines = main.appendChild(document.createElement('div'))
    const field = main.appendChild(document.createElement('textarea'))
    lines.style.cssText = 'height: 600px; overflow: auto'
    const add = (words: string): void => {
      showLine(lines, words)
      lines.scrollTop = lines.scrollHeight
    }
    const own = new Set<string>()
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return
      event.preventDefault()
      own.add(field.value)
      socket.send(field.value)
      add(field.value)
      field.value = ''
    })
    // The server tells the sender too.
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => own.delete(data) || add(data))
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', () => reject(new Error('no connection')))
    })
  }
}
window.rawPage = page

function showLine(place: HTMLElement, words: string): void {
  const line = document.createElement('p')
  line.dataset['testid'] = 'message-body'
  line.textContent = words
  place.append(line)
}

async function show(room: string, from: number, to: number): Promise<void> {
  const rows = await messages.where('[roomId+seq]').between([room, from], [room, to], true, true).toArray()
  page.readMs = performance.now() - began
  for (const { body } of rows) showLine(document.body, body)
  window.scrollTo(0, document.body.scrollHeight)
}

const asked = new URLSearchParams(window.location.search)
const room = asked.get('room')
if (room !== null) await show(room, Number(asked.get('from')), Number(asked.get('to')))
