// How large tests of chance are: small with `npm test`, large with MARU_LONG=true, as said with a variable of their own. For tests only.
// oxlint-disable node/no-process-env -- whoever runs the tests says it

/** Whether the large sizes are asked for. */
export const isLong = process.env['MARU_LONG'] === 'true'

/** The number in an environment variable, or else the one for the size that is asked for. */
export function sizeOf(variable: string, { usual, long }: { usual: number; long: number }): number {
  const said = process.env[variable]
  return said === undefined || said === '' ? (isLong ? long : usual) : Number(said)
}

/** MARU_SEED, or another one each time; whoever uses it says it where a failure is seen. */
export function firstSeed(): number {
  return sizeOf('MARU_SEED', { usual: Date.now() % 1_000_000, long: Date.now() % 1_000_000_000 })
}
