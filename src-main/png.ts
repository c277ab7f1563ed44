// Writes a picture as PNG (RFC 2083): for the small ones that are drawn in code. Knows no picture.
import { crc32, deflateSync } from 'node:zlib'

export interface Picture {
  width: number
  height: number
  /** Four bytes a pixel, row by row; alpha is straight, not multiplied in. */
  rgba: Uint8Array
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const BITS_PER_SAMPLE = 8
const WITH_COLOR_AND_ALPHA = 6
const BYTES_PER_PIXEL = 4

export function encodePng({ width, height, rgba }: Picture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([BITS_PER_SAMPLE, WITH_COLOR_AND_ALPHA, 0, 0, 0], 8)
  const stride = width * BYTES_PER_PIXEL
  // Each row begins with its filter: none.
  const rows = Buffer.alloc(height * (stride + 1))
  for (let y = 0; y < height; y++) rows.set(rgba.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
