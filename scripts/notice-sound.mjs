// Makes the sound of notifications, src-renderer/public/notice.wav: two soft bell tones, computed here, so that it is nobody else's.
// `node scripts/notice-sound.mjs` writes it anew, the same bytes each time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const RATE = 16_000
const SECONDS = 0.55
const PEAK = 0.32

/** @param {number} hertz @param {number} from seconds @param {number} at seconds */
function bell(hertz, from, at) {
  const t = at - from
  if (t < 0) return 0
  const attack = Math.min(1, t / 0.006)
  const tone = Math.sin(2 * Math.PI * hertz * t) + 0.35 * Math.sin(4 * Math.PI * hertz * t) * Math.exp(-t * 9)
  return attack * Math.exp(-t * 8) * tone
}

const samples = Array.from({ length: Math.round(RATE * SECONDS) }, (_, index) => {
  const at = index / RATE
  const end = Math.min(1, (SECONDS - at) / 0.05)
  return end * (bell(784, 0, at) + 0.9 * bell(1174.7, 0.11, at))
})
const loudest = Math.max(...samples.map(Math.abs))
const data = Buffer.alloc(samples.length * 2)
samples.forEach((sample, index) => data.writeInt16LE(Math.round((sample / loudest) * PEAK * 32_767), index * 2))

const header = Buffer.alloc(44)
header.write('RIFF', 0)
header.writeUInt32LE(36 + data.length, 4)
header.write('WAVEfmt ', 8)
header.writeUInt32LE(16, 16)
header.writeUInt16LE(1, 20)
header.writeUInt16LE(1, 22)
header.writeUInt32LE(RATE, 24)
header.writeUInt32LE(RATE * 2, 28)
header.writeUInt16LE(2, 32)
header.writeUInt16LE(16, 34)
header.write('data', 36)
header.writeUInt32LE(data.length, 40)
writeFileSync(join(import.meta.dirname, '../src-renderer/public/notice.wav'), Buffer.concat([header, data]))
