import { crc32, inflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { encodePng } from './png.ts'

it('a picture is written as any reader of PNG expects it', () => {
  const rgba = new Uint8Array([255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  const png = encodePng({ width: 3, height: 2, rgba })
  expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'))
  const chunks: [type: string, data: Buffer][] = []
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    chunks.push([body.subarray(0, 4).toString('latin1'), body.subarray(4)])
    at += 12 + length
  }
  expect(chunks.map(([type]) => type)).toEqual(['IHDR', 'IDAT', 'IEND'])
  // 3 × 2, eight bits, colour with alpha, nothing interlaced.
  expect(chunks[0]?.[1].toString('hex')).toBe('00000003000000020806000000')
  const rows = inflateSync(chunks[1]?.[1] ?? Buffer.alloc(0))
  expect([...rows]).toEqual([0, ...rgba.subarray(0, 12), 0, ...rgba.subarray(12)])
})
