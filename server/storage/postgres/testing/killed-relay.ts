// A process that commits as fast as it can until it is killed, and says what was acknowledged: `<epoch>` first, then a seq a line.
import { writeSync } from 'node:fs'
import { message, ROOM, ROOM_STREAM } from '../../contract/fixtures.ts'
import { openPostgresStorage } from '../storage.ts'

const storage = await openPostgresStorage({ url: process.argv[2] ?? '' })
writeSync(1, `${storage.epoch}\n`)
for (let n = (await storage.headSeq(ROOM)) + 1; ; n++) {
  const { value } = await storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, n)))
  writeSync(1, `${value.seq}\n`)
}
