// Draws the number that lies over the app's icon in Windows' taskbar: a disc with a digit, or `9+`. Pure.
import type { Picture } from './png.ts'

/** Of the whole picture, before it is made larger for denser screens. */
export const BADGE_SIZE = 16

const DISC = [0xb3, 0x26, 0x1e] as const
const INK = [0xff, 0xff, 0xff] as const
const SAMPLES = 4

/** Five wide and seven high; `#` is ink. */
const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  '1': ['..#..', '.##..', '..#..', '..#..', '..#..', '..#..', '.###.'],
  '2': ['.###.', '#...#', '....#', '...#.', '..#..', '.#...', '#####'],
  '3': ['#####', '...#.', '..#..', '...#.', '....#', '#...#', '.###.'],
  '4': ['...#.', '..##.', '.#.#.', '#..#.', '#####', '...#.', '...#.'],
  '5': ['#####', '#....', '####.', '....#', '....#', '#...#', '.###.'],
  '6': ['..##.', '.#...', '#....', '####.', '#...#', '#...#', '.###.'],
  '7': ['#####', '....#', '...#.', '..#..', '.#...', '.#...', '.#...'],
  '8': ['.###.', '#...#', '#...#', '.###.', '#...#', '#...#', '.###.'],
  '9': ['.###.', '#...#', '#...#', '.####', '....#', '...#.', '.##..'],
  '+': ['.....', '..#..', '..#..', '#####', '..#..', '..#..', '.....']
}
const GLYPH_WIDTH = 5
const GLYPH_HEIGHT = 7

/** What is written for so many; more than nine do not fit. */
export function badgeWords(count: number): string {
  return count > 9 ? '9+' : String(count)
}

/**
 * @param count 1 or more
 * @param scale how many pixels of the screen one of the picture is: a whole number
 */
export function badgePicture(count: number, scale: number): Picture {
  const size = BADGE_SIZE * scale
  const rgba = new Uint8Array(size * size * 4)
  const ink = inkOf(badgeWords(count))
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const isInk = ink.has(key(Math.floor(x / scale), Math.floor(y / scale)))
      rgba.set([...(isInk ? INK : DISC), isInk ? 0xff : coverage(x, y, size)], (y * size + x) * 4)
    }
  }
  return { width: size, height: size, rgba }
}

/** The pixels of the words, in the middle. */
function inkOf(words: string): ReadonlySet<number> {
  const width = words.length * (GLYPH_WIDTH + 1) - 1
  const left = Math.floor((BADGE_SIZE - width) / 2)
  const top = Math.floor((BADGE_SIZE - GLYPH_HEIGHT) / 2)
  const ink = new Set<number>()
  for (const [place, sign] of Array.from(words).entries()) {
    for (const [y, row] of (GLYPHS[sign] ?? []).entries()) {
      for (const [x, dot] of Array.from(row).entries()) {
        if (dot === '#') ink.add(key(left + place * (GLYPH_WIDTH + 1) + x, top + y))
      }
    }
  }
  return ink
}

function key(x: number, y: number): number {
  return y * BADGE_SIZE + x
}

/** How much of a pixel the disc covers, 0–255. */
function coverage(x: number, y: number, size: number): number {
  const radius = size / 2
  let within = 0
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const dx = x + ((sample % SAMPLES) + 0.5) / SAMPLES - radius
    const dy = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - radius
    if (dx * dx + dy * dy <= radius * radius) within++
  }
  return Math.round((within * 0xff) / (SAMPLES * SAMPLES))
}
