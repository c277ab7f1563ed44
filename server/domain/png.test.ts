import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../storage/contract/seeded-random.ts'
import { encodedAnew, PngError } from './png.ts'

const SIDE = 256
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

interface Made {
  width: number
  height: number
  depth: number
  color: number
  interlaced?: boolean
  /** One value per sample, row by row. */
  samples: number[]
  palette?: number[]
  transparency?: number[]
}

const chunk = (type: string, data: Uint8Array): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
}
const header = ({ width, height, depth, color, interlaced = false }: Omit<Made, 'samples'>): Buffer => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([depth, color, 0, 0, interlaced ? 1 : 0], 8)
  return chunk('IHDR', data)
}
const perPixel = (color: number): number => ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 })[color] ?? 0
const file = (...chunks: Buffer[]): Buffer => Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', Buffer.alloc(0))])

/** The pixels of a pass, packed into bytes as the format has it, without its filter bytes. */
function packed(made: Made, xs: number[], ys: number[]): Buffer[] {
  const samples = perPixel(made.color)
  return ys.map((y) => {
    const bits = xs.flatMap((x) =>
      Array.from({ length: samples }, (_, each) => {
        const value = made.samples[(y * made.width + x) * samples + each] ?? 0
        return value.toString(2).padStart(made.depth, '0')
      })
    )
    const text = bits.join('')
    return Buffer.from((text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)))
  })
}

/** Written after the specification, apart from the code under test: filters are cycled through. */
function encode(made: Made): Buffer {
  const { width, height } = made
  const range = (end: number, start: number, step: number) =>
    Array.from({ length: Math.max(0, Math.ceil((end - start) / step)) }, (_, index) => start + index * step)
  const passes = made.interlaced
    ? [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2]
      ]
    : [[0, 0, 1, 1]]
  const step = Math.max(1, (made.depth * perPixel(made.color)) / 8)
  const data = passes.flatMap(([left = 0, top = 0, stepX = 1, stepY = 1]) => {
    const [xs, ys] = [range(width, left, stepX), range(height, top, stepY)]
    if (xs.length === 0) return []
    const rows = packed(made, xs, ys)
    return rows.map((row, y) => {
      const filter = y % 5
      const at = (source: Buffer | undefined, index: number) => (index < 0 ? 0 : (source?.[index] ?? 0))
      const bytes = [...row].map((value, x) => {
        const [a, b, c] = [at(row, x - step), at(rows[y - 1], x), at(rows[y - 1], x - step)]
        const p = a + b - c
        const nearest = [a, b, c].toSorted((m, n) => Math.abs(p - m) - Math.abs(p - n))[0] ?? 0
        return (value - ([0, a, b, Math.floor((a + b) / 2), nearest][filter] ?? 0)) & 0xff
      })
      return Buffer.from([filter, ...bytes])
    })
  })
  return file(
    header(made),
    ...(made.palette ? [chunk('PLTE', Buffer.from(made.palette))] : []),
    ...(made.transparency ? [chunk('tRNS', Buffer.from(made.transparency))] : []),
    chunk('IDAT', deflateSync(Buffer.concat(data)))
  )
}

const chunksIn = (png: Buffer): { type: string; data: Buffer }[] => {
  const found: { type: string; data: Buffer }[] = []
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return found
}

/** The header and the rows with their filters. */
const shownIn = (png: Buffer): Buffer[] => {
  const chunks = chunksIn(png)
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((each) => each.data))
  return [chunks[0]?.data ?? Buffer.alloc(0), inflateSync(data)]
}

/** The samples of a picture that is not interlaced, by the specification. */
function decode(png: Buffer): { samples: number[]; header: string } {
  const chunks = chunksIn(png)
  const head = chunks[0]?.data ?? Buffer.alloc(13)
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const [depth = 0, color = 0, , , interlace] = head.subarray(8)
  expect(interlace).toBe(0)
  const data = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((each) => each.data)))
  const bits = depth * perPixel(color)
  const [bytes, step] = [Math.ceil((width * bits) / 8), Math.max(1, bits / 8)]
  const samples: number[] = []
  let above = Buffer.alloc(bytes)
  for (let y = 0; y < height; y++) {
    const line = data.subarray(y * (bytes + 1) + 1, (y + 1) * (bytes + 1))
    const row = Buffer.alloc(bytes)
    for (let x = 0; x < bytes; x++) {
      const [a, b, c] = [row[x - step] ?? 0, above[x] ?? 0, above[x - step] ?? 0]
      const p = a + b - c
      const nearest = [a, b, c].toSorted((m, n) => Math.abs(p - m) - Math.abs(p - n))[0] ?? 0
      const filter = data[y * (bytes + 1)] ?? 0
      row[x] = (line[x] ?? 0) + ([0, a, b, Math.floor((a + b) / 2), nearest][filter] ?? 0)
    }
    const text = [...row].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    for (let at = 0; at < width * bits; at += depth) samples.push(Number.parseInt(text.slice(at, at + depth), 2))
    above = row
  }
  return { samples, header: `${width}×${height} ${depth} ${color}` }
}

const random = seededRandom(7)
function made(width: number, height: number, depth: number, color: number, interlaced = false): Made {
  const most = color === 3 ? Math.min(2 ** depth, 5) : 2 ** depth
  const samples = Array.from({ length: width * height * perPixel(color) }, () => Math.floor(random() * most))
  const palette = color === 3 ? { palette: Array.from({ length: most * 3 }, (_, each) => each) } : {}
  return { width, height, depth, color, interlaced, samples, ...palette }
}
const kinds = (
  [
    [0, 1],
    [0, 2],
    [0, 4],
    [0, 8],
    [0, 16],
    [2, 8],
    [2, 16],
    [3, 1],
    [3, 2],
    [3, 4],
    [3, 8],
    [4, 8],
    [4, 16],
    [6, 8],
    [6, 16]
  ] as const
).flatMap(([color, depth]) => [false, true].map((interlaced) => ({ color, depth, interlaced })))

describe('a PNG written anew', () => {
  it.each(kinds)(
    'shows the same: colour type $color, depth $depth, interlaced $interlaced',
    async ({ color, depth, interlaced }) => {
      for (const [width, height] of [
        [1, 1],
        [3, 2],
        [9, 13],
        [64, 5]
      ] as const) {
        const picture = made(width, height, depth, color, interlaced)
        const original = encode(picture)
        const anew = await encodedAnew(original, SIDE)
        // Interlaced ones stay so where there is nothing to clean: their rows are the same.
        const stays = interlaced && depth * perPixel(color) >= 8 && color !== 3
        const shown = { samples: picture.samples, header: `${width}×${height} ${depth} ${color}` }
        expect(stays ? shownIn(anew) : decode(anew)).toEqual(stays ? shownIn(original) : shown)
        expect(chunksIn(anew).find(({ type }) => type === 'PLTE')?.data).toEqual(
          picture.palette && Buffer.from(picture.palette)
        )
        // What was made once is made the same again: one picture, one hash.
        expect(await encodedAnew(anew, SIDE)).toEqual(anew)
      }
    }
  )

  it('keeps what is transparent', async () => {
    for (const [color, transparency] of [
      [0, [0, 1]],
      [2, [0, 1, 0, 2, 0, 3]],
      [3, [9, 8]]
    ] as const) {
      const picture = { ...made(4, 4, 8, color), transparency: [...transparency] }
      const chunks = chunksIn(await encodedAnew(encode(picture), SIDE))
      expect(chunks.find(({ type }) => type === 'tRNS')?.data).toEqual(Buffer.from(transparency))
    }
  })

  it('keeps nothing but the picture: no text, no place, no frames, no profile, nothing hidden in unused bits', async () => {
    const parts = chunksIn(encode(made(4, 4, 8, 6)))
    const secrets = ['tEXt', 'eXIf', 'iCCP', 'acTL', 'fcTL', 'fdAT', 'zzZz'].map((type) =>
      chunk(type, Buffer.from('<script>secret</script>'))
    )
    const [first, ...rest] = parts.filter(({ type }) => type !== 'IEND').map(({ type, data }) => chunk(type, data))
    const anew = await encodedAnew(file(first as Buffer, ...secrets, ...rest, ...secrets), SIDE)
    expect(chunksIn(anew).map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND'])
    expect(anew.includes('secret')).toBe(false)
    const padded = file(
      header({ width: 1, height: 1, depth: 1, color: 0 }),
      chunk('IDAT', deflateSync(Buffer.from([0, 0xff])))
    )
    const [, idat] = chunksIn(await encodedAnew(padded, SIDE))
    expect(inflateSync(idat?.data ?? '')).toEqual(Buffer.from([0, 0x80]))
  })

  const sound = encode(made(8, 8, 8, 6))
  const [ihdr, idat] = chunksIn(sound).map(({ type, data }) => chunk(type, data)) as [Buffer, Buffer]
  const head = (width: number, height: number, depth = 8, color = 6) => header({ width, height, depth, color })
  const altered = (at: number): Buffer => Buffer.from(sound.map((byte, index) => (index === at ? byte ^ 1 : byte)))
  const hostile: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'a JPEG': Buffer.from('ffd8ffe000104a46494600010100', 'hex'),
    SVG: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
    'a signature alone': SIGNATURE,
    'a PNG with a page behind its end': Buffer.concat([sound, Buffer.from('<html>')]),
    'a PNG behind something else': Buffer.concat([Buffer.from('GIF89a'), sound]),
    'one that is cut off': sound.subarray(0, -20),
    'one without an end': sound.subarray(0, -12),
    'a wrong check sum of the header': altered(20),
    'a wrong check sum of the data': altered(SIGNATURE.length + ihdr.length + 10),
    'a length beyond the file': Buffer.concat([SIGNATURE, Buffer.from('ffffffff49484452', 'hex'), sound.subarray(16)]),
    'no header first': file(idat, ihdr),
    'two headers': file(ihdr, ihdr, idat),
    'no data': file(ihdr),
    'no pixels': file(head(0, 8), idat),
    'a side too large': file(head(SIDE + 1, 8), idat),
    'a side of 2³¹': file(head(2 ** 31, 2 ** 31), idat),
    'fewer pixels than it says': file(head(8, 9), idat),
    'more pixels than it says': file(head(8, 7), idat),
    'a bomb of 20 million zeros': file(head(8, 8), chunk('IDAT', deflateSync(Buffer.alloc(20_000_000)))),
    'data that is no zlib': file(ihdr, chunk('IDAT', Buffer.from('not deflated at all'))),
    'data in two places': file(ihdr, idat, chunk('tEXt', Buffer.from('x')), idat),
    'a filter that there is not': file(head(1, 1, 8, 0), chunk('IDAT', deflateSync(Buffer.from([5, 0])))),
    'a colour type that there is not': file(head(8, 8, 8, 5), idat),
    'a depth that there is not': file(head(8, 8, 3, 0), idat),
    'a critical part that nobody knows': file(ihdr, chunk('ABCD', Buffer.from('x')), idat),
    'a palette without colours': file(head(8, 8, 8, 3), chunk('PLTE', Buffer.alloc(0)), idat),
    'no palette': file(head(8, 8, 8, 3), idat),
    'a palette of half a colour': file(head(8, 8, 8, 3), chunk('PLTE', Buffer.alloc(4)), idat),
    'colours that the palette lacks': encode({ ...made(2, 1, 8, 3), samples: [0, 200] }),
    'more transparency than colours': encode({ ...made(2, 1, 8, 3), transparency: [1, 2, 3, 4, 5, 6] })
  }
  it.each(Object.entries(hostile))('is not made of %s', async (_name, bytes) => {
    await expect(encodedAnew(bytes, SIDE)).rejects.toBeInstanceOf(PngError)
  })

  it('is decided for any bytes, also of a file that was altered somewhere', async () => {
    const bytes = encode(made(16, 16, 8, 6, true))
    for (let times = 0; times < 500; times++) {
      const copy = Buffer.from(bytes)
      for (let each = 0; each < 3; each++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
      const end = random() < 0.3 ? Math.floor(random() * copy.length) : copy.length
      const made = await encodedAnew(copy.subarray(0, end), SIDE).catch((error: unknown) => error)
      expect(made instanceof PngError || made instanceof Buffer).toBe(true)
    }
  })
})
