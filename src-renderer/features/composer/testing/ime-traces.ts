// What browsers tell a text field while somebody writes with an input method, in the order in which they do: by system, browser and method. Events only;
// what is to come of them stands beside each.

export type TraceEvent =
  | {
      type: 'keydown' | 'keyup'
      key: string
      code: string
      keyCode: number
      isComposing?: boolean
      shiftKey?: boolean
      repeat?: boolean
    }
  | { type: 'compositionstart' | 'compositionupdate' | 'compositionend'; data: string }
  /** The field's text follows: words where the caret or the composition is, a line break, or what was deleted. */
  | { type: 'beforeinput' | 'input'; inputType: string; data: string | null }
  | { type: 'blur' }
  /** A click on the button that sends. */
  | { type: 'click-send' }

export interface Trace {
  name: string
  events: readonly TraceEvent[]
  /** The messages, in order. */
  sends: readonly string[]
  /** What stays in the field. */
  leaves: string
}

const IME = 229
const ENTER = { code: 'Enter', key: 'Enter' } as const

type Keys = { key?: string; keyCode?: number; isComposing?: boolean; shiftKey?: boolean; repeat?: boolean }
const down = (code: string, keys: Keys = {}): TraceEvent => ({
  type: 'keydown',
  key: 'Process',
  keyCode: IME,
  code,
  ...keys
})
const up = (code: string, keys: Keys = {}): TraceEvent => ({
  type: 'keyup',
  key: 'Process',
  keyCode: IME,
  code,
  ...keys
})
const start: TraceEvent = { type: 'compositionstart', data: '' }
const update = (data: string): TraceEvent => ({ type: 'compositionupdate', data })
const end = (data: string): TraceEvent => ({ type: 'compositionend', data })
const both = (inputType: string, data: string | null): TraceEvent[] => [
  { type: 'beforeinput', inputType, data },
  { type: 'input', inputType, data }
]
const lineBreak = both('insertLineBreak', null)
const enterDown = (keys: Keys = {}): TraceEvent => down(ENTER.code, { key: ENTER.key, keyCode: 13, ...keys })
const enterUp: TraceEvent = up(ENTER.code, { key: ENTER.key, keyCode: 13 })
const press = (keys: Keys = {}): TraceEvent[] => [enterDown(keys), ...lineBreak, enterUp]

/** Chromium: a state of the composition. Its text is there before `compositionupdate` has a handler's attention, and the key comes first. */
const state = (code: string, data: string, first = false, key = 'Process'): TraceEvent[] => [
  down(code, { key, isComposing: !first }),
  ...(first ? [start] : []),
  { type: 'beforeinput', inputType: 'insertCompositionText', data },
  update(data),
  { type: 'input', inputType: 'insertCompositionText', data },
  up(code, { key, isComposing: true })
]

/** WebKit: the composition first, then the key that made it. */
const stateInSafari = (code: string, data: string, first = false): TraceEvent[] => [
  ...(first ? [start] : []),
  update(data),
  ...both('insertCompositionText', data),
  down(code, { key: data, isComposing: true }),
  up(code, { key: data, isComposing: true })
]

/** 한글, where the first syllable ends because the second one begins. */
const hangul = (key?: string): TraceEvent[] => [
  ...state('KeyG', 'ㅎ', true, key),
  ...state('KeyK', '하', false, key),
  ...state('KeyS', '한', false, key),
  down('KeyR', { key: key ?? 'Process', isComposing: true }),
  end('한'),
  start,
  update('ㄱ'),
  ...both('insertCompositionText', 'ㄱ'),
  up('KeyR', { key: key ?? 'Process', isComposing: true }),
  ...state('KeyM', '그', false, key),
  ...state('KeyF', '글', false, key)
]
const hangulInSafari: TraceEvent[] = [
  ...stateInSafari('KeyG', 'ㅎ', true),
  ...stateInSafari('KeyK', '하'),
  ...stateInSafari('KeyS', '한'),
  ...stateInSafari('KeyR', '한ㄱ'),
  ...stateInSafari('KeyM', '한그'),
  ...stateInSafari('KeyF', '한글')
]
const japanese: TraceEvent[] = [
  ...state('KeyN', 'n', true),
  ...state('KeyI', 'に'),
  ...state('KeyH', 'にh'),
  ...state('KeyO', 'にほ'),
  ...state('KeyN', 'にほn'),
  ...state('Space', '日本')
]
const pinyin: TraceEvent[] = [
  ...state('KeyN', 'n', true),
  ...state('KeyI', 'ni'),
  ...state('KeyH', "ni'h"),
  ...state('KeyA', "ni'ha")
]

/** Chromium's end of a composition. */
const ended = (data: string): TraceEvent[] => [
  { type: 'beforeinput', inputType: 'insertCompositionText', data },
  update(data),
  { type: 'input', inputType: 'insertCompositionText', data },
  end(data)
]

export const ONE_ENTER_ONE_MESSAGE: readonly Trace[] = [
  {
    name: 'Windows, Microsoft IME, Chrome: keydown 229 "Process", end, line break',
    events: [...hangul(), down(ENTER.code, { isComposing: true }), ...ended('글'), ...lineBreak, enterUp],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'Windows, Microsoft IME, Chrome, where the key comes again after the end',
    events: [...hangul(), down(ENTER.code, { isComposing: true }), ...ended('글'), ...press()],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'Windows, Microsoft IME, Firefox: the end, and only then its input',
    events: [
      ...hangul(),
      down(ENTER.code, { isComposing: true }),
      end('글'),
      { type: 'input', inputType: 'insertCompositionText', data: '' },
      enterUp
    ],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'macOS, 2-set, Chrome: keydown 229 "Enter", end, keydown 13 of the same press',
    events: [...hangul('Unidentified'), enterDown({ keyCode: IME, isComposing: true }), ...ended('글'), ...press()],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'macOS, 2-set, Safari: end, then keydown 229 that composes nothing',
    events: [
      ...hangulInSafari,
      { type: 'beforeinput', inputType: 'insertFromComposition', data: '한글' },
      end('한글'),
      enterDown({ keyCode: IME }),
      ...lineBreak,
      enterUp
    ],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'macOS, 2-set, Safari, with a second keydown 13',
    events: [...hangulInSafari, end('한글'), enterDown({ keyCode: IME }), ...press()],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'Linux, ibus-hangul, Chrome: keydown 229, end, line break',
    events: [
      ...hangul('Unidentified'),
      down(ENTER.code, { key: 'Unidentified', isComposing: true }),
      ...ended('글'),
      ...lineBreak,
      enterUp
    ],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'Linux, ibus-hangul, asynchronous: end, then an ordinary keydown 13',
    events: [...hangul('Unidentified'), ...ended('글'), ...press()],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'Linux, ibus-hangul, that takes the syllable away and puts it in as text',
    events: [
      ...hangul('Unidentified'),
      down(ENTER.code, { key: 'Unidentified', isComposing: true }),
      ...ended(''),
      ...both('insertText', '글'),
      ...press()
    ],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'iOS, Korean keyboard: no composition is ever told',
    events: [
      ...both('insertText', '한'),
      ...both('insertText', 'ㄱ'),
      ...both('deleteContentBackward', null),
      ...both('insertText', '글'),
      ...press()
    ],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'Android, Gboard: the keyboard ends the syllable, then Enter is an ordinary one',
    events: [...hangul('Unidentified'), ...ended('글'), enterDown(), ...lineBreak, enterUp],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'Enter is held down: its repetitions send nothing and break no line',
    events: [
      ...hangul('Unidentified'),
      enterDown({ keyCode: IME, isComposing: true }),
      ...ended('글'),
      enterDown(),
      ...lineBreak,
      enterDown({ repeat: true }),
      ...lineBreak,
      enterDown({ repeat: true }),
      ...lineBreak,
      enterUp
    ],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'two messages, one Enter each',
    events: [
      ...hangul(),
      down(ENTER.code, { isComposing: true }),
      ...ended('글'),
      ...lineBreak,
      enterUp,
      ...state('KeyS', 'ㄴ', true),
      ...state('KeyP', '네'),
      down(ENTER.code, { isComposing: true }),
      ...ended('네'),
      ...lineBreak,
      enterUp
    ],
    sends: ['한글', '네'],
    leaves: ''
  },
  {
    name: 'Enter twice in a row, the second one in an empty field',
    events: [...hangul(), down(ENTER.code, { isComposing: true }), ...ended('글'), ...lineBreak, enterUp, ...press()],
    sends: ['한글'],
    leaves: ''
  }
]

export const PICKS_ONLY: readonly Trace[] = [
  {
    name: 'Japanese, Microsoft IME, Chrome: Enter picks, the next one sends',
    events: [...japanese, down(ENTER.code, { isComposing: true }), ...ended('日本'), enterUp, ...press()],
    sends: ['日本'],
    leaves: ''
  },
  {
    name: 'Japanese, Microsoft IME: picked and nothing else',
    events: [...japanese, down(ENTER.code, { isComposing: true }), ...ended('日本'), enterUp],
    sends: [],
    leaves: '日本'
  },
  {
    name: 'Japanese, Kotoeri, Chrome on macOS',
    events: [...japanese, enterDown({ keyCode: IME, isComposing: true }), ...ended('日本'), enterUp],
    sends: [],
    leaves: '日本'
  },
  {
    name: 'Japanese, Kotoeri, Safari: end, then keydown 229 that composes nothing',
    events: [
      ...stateInSafari('KeyN', 'に', true),
      ...stateInSafari('Space', '日本'),
      end('日本'),
      enterDown({ keyCode: IME }),
      enterUp
    ],
    sends: [],
    leaves: '日本'
  },
  {
    name: 'Japanese, Kotoeri, Safari, with a second keydown 13 of the press that picked',
    events: [
      ...stateInSafari('KeyN', 'に', true),
      ...stateInSafari('Space', '日本'),
      end('日本'),
      enterDown({ keyCode: IME }),
      ...press()
    ],
    sends: [],
    leaves: '日本'
  },
  {
    name: 'Japanese, Kotoeri, Safari: the next Enter sends',
    events: [
      ...stateInSafari('KeyN', 'に', true),
      ...stateInSafari('Space', '日本'),
      end('日本'),
      enterDown({ keyCode: IME }),
      enterUp,
      ...press()
    ],
    sends: ['日本'],
    leaves: ''
  },
  {
    name: 'Japanese, Mozc on Linux, where Enter repeats while it is held',
    events: [
      ...japanese,
      down(ENTER.code, { isComposing: true }),
      ...ended('日本'),
      enterDown({ repeat: true }),
      ...lineBreak,
      enterUp
    ],
    sends: [],
    leaves: '日本'
  },
  {
    name: 'Chinese, Microsoft Pinyin: Enter takes the letters as they are',
    events: [...pinyin, down(ENTER.code, { isComposing: true }), ...ended('niha'), enterUp],
    sends: [],
    leaves: 'niha'
  },
  {
    name: 'Chinese, Microsoft Pinyin: the space picks, Enter sends',
    events: [...pinyin, down('Space', { isComposing: true }), ...ended('你好'), up('Space'), ...press()],
    sends: ['你好'],
    leaves: ''
  },
  {
    name: 'Chinese, Pinyin of macOS, Safari',
    events: [
      ...stateInSafari('KeyN', 'ni', true),
      ...stateInSafari('KeyH', 'ni hao'),
      ...both('insertFromComposition', 'nihao'),
      end('nihao'),
      enterDown({ keyCode: IME }),
      enterUp,
      ...press()
    ],
    sends: ['nihao'],
    leaves: ''
  },
  {
    name: 'Korean Hanja, where the syllable is shown until the candidate is picked',
    events: [...state('KeyG', '한', true), down(ENTER.code, { isComposing: true }), ...ended('漢'), enterUp],
    sends: [],
    leaves: '漢'
  },
  {
    name: 'Korean Hanja: Enter picks the candidate',
    events: [
      ...state('KeyG', '한', true),
      ...state('Lang2', '漢'),
      down(ENTER.code, { isComposing: true }),
      ...ended('漢'),
      enterUp
    ],
    sends: [],
    leaves: '漢'
  }
]

export const OTHER_WAYS_OUT: readonly Trace[] = [
  {
    name: 'Shift+Enter while composing breaks the line (Windows: no second keydown)',
    events: [
      ...hangul(),
      down(ENTER.code, { isComposing: true, shiftKey: true }),
      ...ended('글'),
      ...lineBreak,
      enterUp
    ],
    sends: [],
    leaves: '한글\n'
  },
  {
    name: 'Shift+Enter while composing breaks one line (macOS: a second keydown)',
    events: [
      ...hangul('Unidentified'),
      enterDown({ keyCode: IME, isComposing: true, shiftKey: true }),
      ...ended('글'),
      ...press({ shiftKey: true })
    ],
    sends: [],
    leaves: '한글\n'
  },
  {
    name: 'another window takes the focus: the syllable stays, and nothing goes',
    events: [...hangul(), ...ended('글'), { type: 'blur' }],
    sends: [],
    leaves: '한글'
  },
  {
    name: 'the focus goes while Enter is still down, and comes back: the next Enter sends',
    events: [...hangul(), down(ENTER.code, { isComposing: true }), { type: 'blur' }, ...ended('글'), ...press()],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'a click on Send while composing: the syllable goes with the rest, once',
    events: [...hangul(), ...ended('글'), { type: 'blur' }, { type: 'click-send' }],
    sends: ['한글'],
    leaves: ''
  },
  {
    name: 'a syllable that is given up with Esc goes nowhere',
    events: [...hangul(), down('Escape', { isComposing: true }), ...ended(''), up('Escape')],
    sends: [],
    leaves: '한'
  }
]
