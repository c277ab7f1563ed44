// `npm run bench`: runs the rows, prints a table and writes everything as JSON. Ends with 1 if a row could not be measured; a goal that is
// missed is said, and is no failure: machines differ.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConditions } from './conditions.ts'
import { readOptions } from './options.ts'
import type { Options } from './options.ts'
import { buildRelay, endAll } from './processes.ts'
import type { Bench, Row } from './row.ts'
import { createPlaces } from './places.ts'
import { ackRows } from './rows/ack.ts'
import { ageRows } from './rows/age.ts'
import { livingRows } from './rows/living.ts'
import { clientParts } from './client/parts.ts'
import { postgresRows, roomRows } from './rows/room.ts'
import { stalledRows } from './rows/stalled.ts'

const parts: { name: string; run: (bench: Bench) => Promise<Row[]> }[] = [
  { name: 'ack', run: ackRows },
  { name: 'age', run: ageRows },
  { name: 'stalled', run: stalledRows },
  { name: 'living', run: livingRows },
  { name: 'room', run: roomRows },
  { name: 'postgres', run: postgresRows },
  ...clientParts()
]

/** The quick form leaves the client out unless it is asked for: it stays under two minutes. */
function isWanted(name: string, { only, quick }: Pick<Options, 'only' | 'quick'>): boolean {
  if (only.length > 0) return only.some((wanted) => name.startsWith(wanted))
  return !quick || !name.startsWith('client')
}

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2))
  const began = performance.now()
  const dataRoot = await mkdtemp(join(options.dataRoot ?? tmpdir(), 'maru-bench-'))
  const places = createPlaces(dataRoot)
  const bench: Bench = { options, newPlace: (storage) => places.newPlace(storage), say }
  const rows: Row[] = []
  const failures: string[] = []
  try {
    const conditions = await readConditions(dataRoot)
    say(
      Object.entries(conditions)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n')
    )
    if (options.quick) say(`quick: ${JSON.stringify(options.sizes)}`)
    await buildRelay()
    for (const { name, run } of parts) {
      if (!isWanted(name, options)) continue
      say(`\n${name} …`)
      try {
        rows.push(...(await run(bench)))
      } catch (error) {
        failures.push(`${name}: ${String(error)}`)
      }
    }
    printTable(rows)
    const seconds = Math.round((performance.now() - began) / 1000)
    say(
      `\n${rows.length} rows in ${seconds} s; load average afterwards ${(await readConditions(dataRoot)).loadAverage}`
    )
    for (const failure of failures) say(`NOT MEASURED ${failure}`)
    await mkdir(options.out, { recursive: true })
    const file = join(options.out, `${conditions.date.replaceAll(':', '-')}${options.quick ? '-quick' : ''}.json`)
    const { sizes, generators, perPush, window } = options
    const result = { conditions, quick: options.quick, sizes, generators, perPush, window, rows, failures }
    await writeFile(file, `${JSON.stringify(result, null, 2)}\n`)
    say(`written to ${file}`)
  } finally {
    endAll()
    await places.dispose()
    await rm(dataRoot, { recursive: true, force: true })
  }
  return failures.length === 0
}

function printTable(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length), 4)
  say(`\n${'what'.padEnd(width)}  figures`)
  for (const { name, figure, goal, met } of rows) {
    say(`${name.padEnd(width)}  ${figure}${goal === undefined ? '' : `  [goal ${goal}: ${met ? 'met' : 'MISSED'}]`}`)
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

process.on('exit', endAll)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
main().then(
  (measured) => process.exit(measured ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    endAll()
    process.exit(1)
  }
)
