// Dates and times in words, for one language. Formatters are made once, and when they are first needed: making one costs more than a
// hundred uses, and a start needs few of them.

export interface DateWords {
  /** 오후 3:05 / 3:05 PM */
  time: (at: string) => string
  /** 2026년 2월 10일 화요일 / Tuesday, February 10, 2026 */
  day: (at: string) => string
  /** In a list: the time today, "yesterday", the day of this year, else the full date. `now` in ms since 1970. */
  short: (at: string, now: number) => string
  /** 2시간 / 2 hours: the largest unit of a length of time. */
  span: (ms: number) => string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The local calendar day, for comparing: the same text means the same day. */
export function dayKey(at: string): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** The local minute, for comparing. */
export function minuteKey(at: string): number {
  return Math.floor(new Date(at).getTime() / MINUTE_MS)
}

/**
 * For a BCP 47 language tag. Unreadable times come out as ''. `halves`: what the halves of the day are called where Intl can't be
 * trusted with it (some versions of its data say "PM 3:05" in Korean).
 */
export function dateWords(locale: string, halves?: { am: string; pm: string }): DateWords {
  const dateFormat = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(locale, options))
  const time = dateFormat({ hour: 'numeric', minute: '2-digit' })
  const day = dateFormat({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' })
  const dayOfYear = dateFormat({ month: 'short', day: 'numeric' })
  const fullDate = dateFormat({ year: 'numeric', month: 'numeric', day: 'numeric' })
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  const unit = (name: string) =>
    once(() => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }))
  const units = [
    { ms: DAY_MS, words: unit('day') },
    { ms: HOUR_MS, words: unit('hour') },
    { ms: MINUTE_MS, words: unit('minute') },
    { ms: 1000, words: unit('second') }
  ]
  const format = (formatter: () => Intl.DateTimeFormat, at: string) => {
    const date = new Date(at)
    if (Number.isNaN(date.getTime())) return ''
    if (!halves) return formatter().format(date)
    const half = date.getHours() < 12 ? halves.am : halves.pm
    return formatter()
      .formatToParts(date)
      .map(({ type, value }) => (type === 'dayPeriod' ? half : value))
      .join('')
  }
  return {
    time: (at) => format(time, at),
    day: (at) => format(day, at),
    short(at, now) {
      const today = new Date(now)
      const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
      const key = dayKey(at)
      if (key === dayKey(today.toISOString())) return format(time, at)
      if (key === dayKey(yesterday.toISOString())) return relative().format(-1, 'day')
      return format(new Date(at).getFullYear() === today.getFullYear() ? dayOfYear : fullDate, at)
    },
    span(ms) {
      const fitting = units.find((unit) => ms >= unit.ms) ?? units[3]
      return fitting ? fitting.words().format(Math.max(0, Math.floor(ms / fitting.ms))) : ''
    }
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
