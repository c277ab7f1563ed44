// `npm run simulate -- --seeds N [--seed S]`: N worlds from seed S on. Ends with 1 at the first one in which a rule is broken, and prints
// the least that breaks it.
import { parseArgs } from 'node:util'
import { describeStep, makePlan } from './plan.ts'
import { runPlan } from './run.ts'
import type { Outcome } from './run.ts'
import { shrink } from './shrink.ts'

const TRACE_LINES = 200
const LINE_CHARS = 300

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    /** Goes on after a failure; prints only which rules were broken. */
    survey: { type: 'boolean', default: false },
    /** Prints the failing world as it was. */
    whole: { type: 'boolean', default: false }
  }
})

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function report({ plan, broken, trace }: Outcome, lines: number): void {
  say(`users with devices: ${plan.users.join(', ')}; at most ${plan.maxRecords} records`)
  for (const step of plan.steps) say(`  ${describeStep(step)}`)
  for (const line of trace.lines(lines)) say(lines === Infinity ? line : line.slice(0, LINE_CHARS))
  say(broken?.message ?? '')
}

async function simulate(first: number, count: number): Promise<number> {
  const started = performance.now()
  let [failures, operations, steps] = [0, 0, 0]
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await runPlan(makePlan(seed))
    operations += outcome.operations
    steps += outcome.steps
    if ((seed - first + 1) % 50 === 0) {
      const perSecond = (seed - first + 1) / ((performance.now() - started) / 1_000)
      say(`${seed - first + 1} of ${count} seeds, ${perSecond.toFixed(1)} a second`)
    }
    if (outcome.broken === null) continue
    failures += 1
    say(`seed ${seed}: ${outcome.broken.message.slice(0, 400)}`)
    if (values.survey) continue
    const least = values.whole ? outcome : await shrink(outcome)
    report(least, values.whole ? Infinity : TRACE_LINES)
    say(`seed ${seed} fails: ${least.broken?.message ?? ''}`)
    return 1
  }
  say(`${count} seeds, ${operations} operations, ${steps} events, ${failures} failures`)
  return failures > 0 ? 1 : 0
}

process.exitCode = await simulate(Number(values.seed), Number(values.seeds))
