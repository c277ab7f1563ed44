// The five filters of PNG: each row is stored as what it differs by from its neighbours. Knows no files.
import { rowBytes } from './png-passes.ts'
import type { PngShape } from './png-passes.ts'

const ROW_START = 1

/** Rows without filters of rows with them. */
export function unfilterRows(filtered: Buffer, shape: PngShape): Buffer {
  const [bytes, step] = [rowBytes(shape), pixelBytes(shape)]
  const rows = Buffer.alloc(shape.height * bytes)
  for (let y = 0; y < shape.height; y++) {
    const start = y * (ROW_START + bytes)
    const filter = filtered[start] ?? 0
    const at = y * bytes
    for (let x = 0; x < bytes; x++) {
      const left = x < step ? 0 : (rows[at + x - step] ?? 0)
      const above = y === 0 ? 0 : (rows[at + x - bytes] ?? 0)
      const corner = x < step || y === 0 ? 0 : (rows[at + x - bytes - step] ?? 0)
      rows[at + x] = (filtered[start + ROW_START + x] ?? 0) + guess(filter, left, above, corner)
    }
  }
  return rows
}

/** Which filter each row has. */
export function filtersOf(filtered: Buffer, shape: PngShape): number[] {
  return Array.from({ length: shape.height }, (_, y) => filtered[y * (ROW_START + rowBytes(shape))] ?? 0)
}

/** Each row with its filter. */
export function filterRows(rows: Buffer, shape: PngShape, filters: readonly number[]): Buffer {
  const [bytes, step] = [rowBytes(shape), pixelBytes(shape)]
  const filtered = Buffer.alloc(shape.height * (ROW_START + bytes))
  for (const [y, filter] of filters.entries()) {
    const start = y * (ROW_START + bytes)
    const at = y * bytes
    filtered[start] = filter
    for (let x = 0; x < bytes; x++) {
      const left = x < step ? 0 : (rows[at + x - step] ?? 0)
      const above = y === 0 ? 0 : (rows[at + x - bytes] ?? 0)
      const corner = x < step || y === 0 ? 0 : (rows[at + x - bytes - step] ?? 0)
      filtered[start + ROW_START + x] = (rows[at + x] ?? 0) - guess(filter, left, above, corner)
    }
  }
  return filtered
}

/** Filters look back by a pixel, at least by a byte. */
function pixelBytes({ bitsPerPixel }: PngShape): number {
  return Math.max(1, bitsPerPixel >> 3)
}

function guess(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left
    case 2:
      return above
    case 3:
      return (left + above) >> 1
    case 4:
      return paeth(left, above, corner)
    default:
      return 0
  }
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner
  const [byLeft, byAbove, byCorner] = [
    Math.abs(estimate - left),
    Math.abs(estimate - above),
    Math.abs(estimate - corner)
  ]
  if (byLeft <= byAbove && byLeft <= byCorner) return left
  return byAbove <= byCorner ? above : corner
}
