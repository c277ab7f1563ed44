// Takes a PNG (RFC 2083, PNG third edition) apart to its samples and makes a new one of them: what is not picture is gone. Believes
// nothing that the file says of itself before it is bounded. Knows no users and no rooms.
import { crc32, deflate, inflate } from 'node:zlib'
import { promisify } from 'node:util'
import { filterRows, filtersOf, unfilterRows } from './png-filters.ts'
import { passesOf, placePass, rowBytes } from './png-passes.ts'
import type { PngShape } from './png-passes.ts'

/** Not a PNG that can be read, or one that is too large. */
export class PngError extends Error {
  override readonly name = 'PngError'
}

interface Header extends PngShape {
  bitDepth: number
  colorType: number
  interlaced: boolean
}

interface Parts {
  header: Header
  palette: Buffer | undefined
  transparency: Buffer | undefined
  data: Buffer
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const PALETTE = 3
const LAST_FILTER = 4
/** Colour type → samples per pixel, and the depths that it may have. */
const COLOR_TYPES = new Map<number, { samples: number; depths: readonly number[] }>([
  [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { samples: 3, depths: [8, 16] }],
  [PALETTE, { samples: 1, depths: [1, 2, 4, 8] }],
  [4, { samples: 2, depths: [8, 16] }],
  [6, { samples: 4, depths: [8, 16] }]
])

const inflated = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate)
const deflated = promisify<Buffer, Buffer>(deflate)

/**
 * The same picture as a new file: the still one, without anything that is not needed to show it. Inflates no more
 * than a picture of at most `maxSide` pixels wide and high takes.
 * @throws PngError
 */
export async function encodedAnew(file: Uint8Array, maxSide: number): Promise<Buffer> {
  const { header, palette, transparency, data } = takeApart(Buffer.from(file), maxSide)
  const stored = await rowsOf(header, data)
  // Elsewhere every byte of the rows is a filter or a part of a pixel: there is nothing in them that could be anything else.
  const isPacked = header.bitsPerPixel < 8 || header.colorType === PALETTE
  const rows = isPacked ? cleaned(header, stored, (palette?.length ?? 0) / 3) : stored
  const idat = await deflated(rows)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', headerBytes(header, header.interlaced && !isPacked)),
    ...(palette ? [chunk('PLTE', palette)] : []),
    ...(transparency ? [chunk('tRNS', transparency)] : []),
    chunk('IDAT', idat),
    chunk('IEND', Buffer.alloc(0))
  ])
}

function takeApart(file: Buffer, maxSide: number): Parts {
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new PngError('it does not begin like a PNG')
  let header: Header | undefined
  let palette: Buffer | undefined
  let transparency: Buffer | undefined
  const data: Buffer[] = []
  let last = ''
  for (const { type, bytes } of chunksOf(file)) {
    if (!header) {
      if (type !== 'IHDR') throw new PngError('it does not begin with a header')
      header = headerOf(bytes, maxSide)
    } else if (type === 'IDAT') {
      if (data.length > 0 && last !== 'IDAT') throw new PngError('its data is not in one piece')
      data.push(bytes)
    } else if (type === 'PLTE') {
      if (palette || data.length > 0) throw new PngError('its palette is in the wrong place')
      palette = paletteOf(bytes, header)
    } else if (type === 'tRNS') {
      if (transparency || data.length > 0) throw new PngError('its transparency is in the wrong place')
      transparency = transparencyOf(bytes, header, palette)
    } else if (type !== 'IEND' && /^[A-Z]/.test(type)) {
      throw new PngError('it has a part that is needed to show it and that nobody knows')
    }
    last = type
  }
  if (!header || data.length === 0) throw new PngError('it has no picture')
  if (header.colorType === PALETTE && !palette) throw new PngError('it has no palette')
  const shown = header.colorType === PALETTE ? palette : undefined
  return { header, palette: shown, transparency, data: Buffer.concat(data) }
}

/** Ends with IEND, behind which there is nothing. */
function* chunksOf(file: Buffer): Generator<{ type: string; bytes: Buffer }> {
  for (let at = SIGNATURE.length; ;) {
    if (at + 12 > file.length) throw new PngError('it ends too early')
    const length = file.readUInt32BE(at)
    const end = at + 8 + length
    if (end + 4 > file.length) throw new PngError('it ends too early')
    const type = file.toString('latin1', at + 4, at + 8)
    if (!/^[A-Za-z]{4}$/.test(type)) throw new PngError('a part of it has no sound name')
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) throw new PngError('a part of it is damaged')
    yield { type, bytes: file.subarray(at + 8, end) }
    at = end + 4
    if (type !== 'IEND') continue
    if (at !== file.length) throw new PngError('there is something behind its end')
    return
  }
}

function headerOf(bytes: Buffer, maxSide: number): Header {
  if (bytes.length !== 13) throw new PngError('its header has the wrong length')
  const [width, height] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)]
  const [bitDepth = 0, colorType = 0, compression, filter, interlace = 0] = bytes.subarray(8)
  if (width < 1 || height < 1) throw new PngError('it is empty')
  if (width > maxSide || height > maxSide) throw new PngError(`a side of it is above ${maxSide} pixels`)
  const colors = COLOR_TYPES.get(colorType)
  if (!colors?.depths.includes(bitDepth)) throw new PngError('nobody knows its kind of pixels')
  if (compression !== 0 || filter !== 0 || interlace > 1) throw new PngError('nobody knows its way of writing')
  return { width, height, bitDepth, colorType, bitsPerPixel: bitDepth * colors.samples, interlaced: interlace === 1 }
}

/** Undefined where it is only a hint. */
function paletteOf(bytes: Buffer, { colorType, bitDepth }: Header): Buffer | undefined {
  if (colorType !== PALETTE) return undefined
  const colors = bytes.length / 3
  if (!Number.isInteger(colors) || colors < 1 || colors > 2 ** bitDepth) throw new PngError('its palette is not sound')
  return bytes
}

function transparencyOf(bytes: Buffer, { colorType }: Header, palette: Buffer | undefined): Buffer {
  const isSound =
    colorType === PALETTE
      ? palette !== undefined && bytes.length >= 1 && bytes.length <= palette.length / 3
      : bytes.length === (colorType === 0 ? 2 : colorType === 2 ? 6 : 0)
  if (!isSound) throw new PngError('its transparency is not sound')
  return bytes
}

/** The rows as they are stored, each behind its filter, of one pass after the other. */
async function rowsOf(header: Header, data: Buffer): Promise<Buffer> {
  const length = passesOf(header, header.interlaced).reduce((sum, pass) => sum + passBytes(pass), 0)
  const stored = await inflated(data, { maxOutputLength: length }).catch((cause: unknown) => {
    throw new PngError('its data cannot be read', { cause })
  })
  if (stored.length !== length) throw new PngError('its data has the wrong length')
  let at = 0
  for (const pass of passesOf(header, header.interlaced)) {
    const filters = filtersOf(stored.subarray(at), pass)
    if (filters.some((filter) => filter > LAST_FILTER)) throw new PngError('nobody knows one of its filters')
    at += passBytes(pass)
  }
  return stored
}

/** Where several pixels share a byte, or are numbers of colours: each is looked at, and what only fills up a row is left out. */
function cleaned(header: Header, stored: Buffer, colors: number): Buffer {
  const rows = Buffer.alloc(header.height * rowBytes(header))
  let at = 0
  for (const pass of passesOf(header, header.interlaced)) {
    placePass(unfilterRows(stored.subarray(at, at + passBytes(pass)), pass), pass, rows, header)
    at += passBytes(pass)
  }
  if (header.colorType === PALETTE) requireColors(header, rows, colors)
  const filters = header.interlaced ? Array.from({ length: header.height }, () => 0) : filtersOf(stored, header)
  return filterRows(rows, header, filters)
}

function passBytes(pass: PngShape): number {
  return pass.height * (1 + rowBytes(pass))
}

function requireColors(header: Header, rows: Buffer, colors: number): void {
  const { width, height, bitDepth } = header
  const bytes = rowBytes(header)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bitDepth
      const byte = rows[y * bytes + (bit >> 3)] ?? 0
      const index = (byte >> (8 - bitDepth - (bit & 7))) & (2 ** bitDepth - 1)
      if (index >= colors) throw new PngError('it has colours that its palette lacks')
    }
  }
}

function headerBytes({ width, height, bitDepth, colorType }: Header, interlaced: boolean): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.writeUInt32BE(width, 0)
  bytes.writeUInt32BE(height, 4)
  bytes.set([bitDepth, colorType, 0, 0, interlaced ? 1 : 0], 8)
  return bytes
}

function chunk(type: string, bytes: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), bytes])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
