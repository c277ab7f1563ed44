// When a muted room is heard of again, by the device's clock [S5]. Pure.

const HOUR_MS = 60 * 60 * 1000
const MORNING_HOUR = 8

/** ISO 8601. */
export function inHours(now: Date, hours: number): string {
  return new Date(now.getTime() + hours * HOUR_MS).toISOString()
}

/** The next calendar day at 8, where the device is. ISO 8601. */
export function tomorrowMorning(now: Date): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING_HOUR).toISOString()
}
