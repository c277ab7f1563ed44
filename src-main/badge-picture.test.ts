import { describe, expect, it } from 'vitest'
import { BADGE_SIZE, badgePicture, badgeWords } from './badge-picture.ts'

/** `#` ink, `o` the disc, `.` nothing or nearly nothing. */
function drawn(count: number, scale = 1): string[] {
  const { width, height, rgba } = badgePicture(count, scale)
  return Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_column, x) => {
      const [red = 0, green = 0, , alpha = 0] = rgba.subarray((y * width + x) * 4)
      if (alpha < 128) return '.'
      return green > 128 && red > 128 ? '#' : 'o'
    }).join('')
  )
}

describe('the number over the icon', () => {
  it('is a digit on a disc', () => {
    expect(drawn(3)).toEqual([
      '.....oooooo.....',
      '...oooooooooo...',
      '..oooooooooooo..',
      '.oooooooooooooo.',
      '.oooo#####ooooo.',
      'oooooooo#ooooooo',
      'ooooooo#oooooooo',
      'oooooooo#ooooooo',
      'ooooooooo#oooooo',
      'ooooo#ooo#oooooo',
      'oooooo###ooooooo',
      '.oooooooooooooo.',
      '.oooooooooooooo.',
      '..oooooooooooo..',
      '...oooooooooo...',
      '.....oooooo.....'
    ])
  })

  it('is another picture for each digit, and the same for all that is more than nine', () => {
    const pictures = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((count) => drawn(count).join('\n'))
    expect(new Set(pictures).size).toBe(10)
    expect(drawn(99)).toEqual(drawn(10))
    expect([1, 9, 10, 99].map(badgeWords)).toEqual(['1', '9', '9+', '9+'])
  })

  it('lies within the disc, with all of its ink', () => {
    for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      const { rgba } = badgePicture(count, 1)
      const rows = drawn(count)
      expect(rows.join('').replaceAll(/[^#]/g, '').length).toBeGreaterThanOrEqual(10)
      for (const row of rows) expect(row).not.toMatch(/^#|#$|\.#|#\./)
      expect(Math.max(...rgba)).toBe(255)
    }
  })

  it('is as sharp on a denser screen: each pixel of the digit becomes four, the edge of the disc finer', () => {
    const [once, twice] = [drawn(7), drawn(7, 2)]
    expect(twice).toHaveLength(2 * BADGE_SIZE)
    const inkOf = (rows: string[]) => rows.map((row) => row.replaceAll('.', 'o'))
    expect(inkOf(twice)).toEqual(
      inkOf(once).flatMap((row) => Array.from({ length: 2 }, () => row.replaceAll(/./g, '$&$&')))
    )
  })
})
