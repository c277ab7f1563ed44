// Where the pixels of a PNG are: one pass, or the seven of an interlaced picture (Adam7). Knows no filters and no files.

/** What a header says of the pixels. */
export interface PngShape {
  width: number
  height: number
  bitsPerPixel: number
}

/** A part of the picture: its pixel (x, y) is the picture's (left + x · stepX, top + y · stepY). */
export interface Pass extends PngShape {
  left: number
  top: number
  stepX: number
  stepY: number
}

const WHOLE: Adam7 = [0, 0, 1, 1]
/** left, top, step across, step down */
type Adam7 = readonly [number, number, number, number]
const ADAM7: readonly Adam7[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
]

/** How many bytes one row takes, without its filter. */
export function rowBytes({ width, bitsPerPixel }: PngShape): number {
  return Math.ceil((width * bitsPerPixel) / 8)
}

/** Those that hold pixels, in their order in the data. */
export function passesOf({ width, height, bitsPerPixel }: PngShape, interlaced: boolean): Pass[] {
  return (interlaced ? ADAM7 : [WHOLE])
    .map(([left, top, stepX, stepY]) => ({
      left,
      top,
      stepX,
      stepY,
      bitsPerPixel,
      width: Math.ceil((width - left) / stepX),
      height: Math.ceil((height - top) / stepY)
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0)
}

/** Writes the pixels of a pass into the rows of the whole picture, which were zero; what fills up a row is left out. */
export function placePass(samples: Buffer, pass: Pass, rows: Buffer, whole: PngShape): void {
  const [from, to] = [rowBytes(pass), rowBytes(whole)]
  for (let y = 0; y < pass.height; y++) {
    const row = rows.subarray((pass.top + y * pass.stepY) * to)
    for (let x = 0; x < pass.width; x++) {
      placePixel(samples.subarray(y * from), x, row, pass.left + x * pass.stepX, whole.bitsPerPixel)
    }
  }
}

function placePixel(source: Buffer, x: number, target: Buffer, toX: number, bits: number): void {
  if (bits >= 8) {
    const bytes = bits >> 3
    for (let each = 0; each < bytes; each++) target[toX * bytes + each] = source[x * bytes + each] ?? 0
    return
  }
  const shift = 8 - bits - ((x * bits) & 7)
  const value = ((source[(x * bits) >> 3] ?? 0) >> shift) & (2 ** bits - 1)
  const at = (toX * bits) >> 3
  target[at] = (target[at] ?? 0) | (value << (8 - bits - ((toX * bits) & 7)))
}
