// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { middleSquare, PictureError, readPicture } from './read-picture.ts'

/** A canvas whose PNGs have a size by their side; what was drawn is kept. */
function fakeCanvas(bytesOf: (side: number) => number) {
  const drawn: unknown[][] = []
  const close = vi.fn<() => void>()
  vi.stubGlobal('createImageBitmap', async () => ({ width: 300, height: 200, close }))
  vi.spyOn(document, 'createElement').mockImplementation(() => {
    const canvas = {
      width: 0,
      height: 0,
      getContext: () => ({ drawImage: (...args: unknown[]) => drawn.push(args.slice(1)) }),
      toBlob: (done: (blob: Blob) => void) => done(new Blob([new Uint8Array(bytesOf(canvas.width))]))
    }
    return canvas as unknown as HTMLCanvasElement
  })
  return { drawn, close }
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('a picture', () => {
  it.each([
    [300, 200, { x: 50, y: 0, side: 200 }],
    [200, 301, { x: 0, y: 50, side: 200 }],
    [1, 1, { x: 0, y: 0, side: 1 }]
  ])('of %i × %i is used by its middle', (width, height, square) => {
    expect(middleSquare(width, height)).toEqual(square)
  })

  it('becomes a small square, and a smaller one where that has too many bytes', async () => {
    const { drawn, close } = fakeCanvas((side) => side * 10)
    await expect(readPicture(new Blob(['x']), 1280)).resolves.toMatch(/^A+=*$/)
    expect(drawn).toEqual([[50, 0, 200, 200, 0, 0, 128, 128]])
    await readPicture(new Blob(['x']), 1000)
    expect(drawn.at(-1)?.slice(-2)).toEqual([96, 96])
    expect(close).toHaveBeenCalledTimes(2)
  })

  it('that stays too large, or is none, or is enormous, is told apart', async () => {
    fakeCanvas(() => 5000)
    await expect(readPicture(new Blob(['x']), 1000)).rejects.toEqual(new PictureError('failed'))
    const huge = new Blob(['x'])
    Object.defineProperty(huge, 'size', { value: 40_000_001 })
    await expect(readPicture(huge, 1000)).rejects.toMatchObject({ problem: 'too-large' })
    vi.stubGlobal('createImageBitmap', async () => {
      throw new DOMException('no', 'InvalidStateError')
    })
    await expect(readPicture(new Blob(['x']), 1000)).rejects.toMatchObject({ problem: 'not-a-picture' })
  })
})
