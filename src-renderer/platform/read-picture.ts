// Makes a small square picture of whatever picture file somebody chose. Knows the browser's canvas, and nobody's limits but what it is told.

/** What was wrong: no picture that this browser can read, a file that no one would want to decode, or a canvas that gives nothing. */
export type PictureProblem = 'not-a-picture' | 'too-large' | 'failed'

export class PictureError extends Error {
  override readonly name = 'PictureError'
  readonly problem: PictureProblem

  constructor(problem: PictureProblem, cause?: unknown) {
    super(`the picture could not be used: ${problem}`, cause === undefined ? undefined : { cause })
    this.problem = problem
  }
}

/** More than a camera makes. */
const MAX_FILE_BYTES = 40_000_000
/** Sides in px, the wished one first: a picture that is all noise is too large as PNG, and becomes smaller. */
const SIDES = [128, 112, 96, 64]

/** The middle of a picture of this size, as large a square as there is. */
export function middleSquare(width: number, height: number): { x: number; y: number; side: number } {
  const side = Math.min(width, height)
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side }
}

/**
 * The middle of the picture as a square PNG of at most `maxBytes` bytes, in base64. Upright, as cameras mean it; of what moves, the first picture.
 * Throws `PictureError`.
 */
export async function readPicture(file: Blob, maxBytes: number): Promise<string> {
  if (file.size > MAX_FILE_BYTES) throw new PictureError('too-large')
  const picture = await decoded(file)
  try {
    const { x, y, side } = middleSquare(picture.width, picture.height)
    for (const size of SIDES) {
      const canvas = document.createElement('canvas')
      canvas.width = size
      canvas.height = size
      const context = canvas.getContext('2d')
      if (!context) throw new PictureError('failed')
      context.imageSmoothingQuality = 'high'
      context.drawImage(picture, x, y, side, side, 0, 0, size, size)
      const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
      if (png && png.size <= maxBytes) return await base64Of(png)
    }
    throw new PictureError('failed')
  } finally {
    picture.close()
  }
}

async function decoded(file: Blob): Promise<ImageBitmap> {
  try {
    const picture = await createImageBitmap(file)
    if (picture.width > 0 && picture.height > 0) return picture
  } catch (error) {
    throw new PictureError('not-a-picture', error)
  }
  throw new PictureError('not-a-picture')
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
