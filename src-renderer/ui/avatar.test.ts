// The letters of a sign: one grapheme is one sign, whatever it is made of.
import { expect, it } from 'vitest'
import { initials } from './avatar.tsx'

it.each([
  ['김지우', '지우'],
  ['Minji Kim', 'MK'],
  ['minji', 'M'],
  ['r2 d2', 'RD'],
  ['마루 가족', '마'],
  ['e\u0301lan vital', 'ÉV'],
  ['x\u0300y', 'X\u0300'],
  ['👩‍👩‍👧 home', '👩‍👩‍👧H'],
  ['🇰🇷', '🇰🇷'],
  ['1️⃣ first', '1️⃣F'],
  ['', '·']
])('%s: %s', (name, letters) => expect(initials(name)).toBe(letters))
