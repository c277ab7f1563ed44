// Loaded into the relay's process before it: answers the benchmark's questions about memory and fsync, and changes nothing else.
import { open } from 'node:fs/promises'

const fsync = { count: 0, ms: 0 }

const file = await open(import.meta.filename)
const prototype = Object.getPrototypeOf(file)
await file.close()
for (const name of ['sync', 'datasync']) {
  const original = prototype[name]
  prototype[name] = async function () {
    const began = performance.now()
    try {
      return await original.call(this)
    } finally {
      fsync.count += 1
      fsync.ms += performance.now() - began
    }
  }
}

process.on('message', (question) => {
  if (question === 'collect') for (let round = 0; round < 4; round++) globalThis.gc?.()
  process.send?.({ memory: process.memoryUsage(), cpu: process.cpuUsage(), fsync: { ...fsync } })
})
// Listening for messages keeps a process alive; this one is to end when the relay does, and when the benchmark is gone.
process.channel?.unref()
process.on('disconnect', () => process.exit(1))
