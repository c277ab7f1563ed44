// `npm run simulate -- --seeds N [--seed S]`: N worlds from seed S on. Ends with 1 at the first one in which a rule is broken, and prints
// the least that breaks it; with 2 if it was called otherwise.
import { parseArguments } from './arguments.ts'
import type { Wanted } from './arguments.ts'
import { describeStep, makePlan } from './plan.ts'
import { runPlan } from './run.ts'
import type { Outcome } from './run.ts'
import { shrink } from './shrink.ts'

const TRACE_LINES = 200
const LINE_CHARS = 300

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function report({ plan, broken, trace }: Outcome, lines: number): void {
  say(`users with devices: ${plan.users.join(', ')}; at most ${plan.maxRecords} records`)
  for (const step of plan.steps) say(`  ${describeStep(step)}`)
  for (const line of trace.lines(lines)) say(lines === Infinity ? line : line.slice(0, LINE_CHARS))
  say(broken?.message ?? '')
}

async function simulate({ seed: first, seeds: count, survey, whole }: Wanted): Promise<number> {
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
    if (survey) continue
    const least = whole ? outcome : await shrink(outcome)
    report(least, whole ? Infinity : TRACE_LINES)
    say(`seed ${seed} fails: ${least.broken?.message ?? ''}`)
    return 1
  }
  say(`${count} seeds, ${operations} operations, ${steps} events, ${failures} failures`)
  return failures > 0 ? 1 : 0
}

const wanted = parseArguments(process.argv.slice(2))
if (typeof wanted === 'string') process.stderr.write(`${wanted}\n`)
process.exitCode = typeof wanted === 'string' ? 2 : await simulate(wanted)
