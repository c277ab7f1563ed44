// Looks for relays as the desktop app does, and prints what it finds, a JSON line for each change; until its input ends.
import { findRelays } from '../src-main/found-relays.ts'

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const stop = findRelays({
  onChange: (found) => say({ found }),
  onProblem: (problem) => say({ problem: String(problem) })
})
process.stdin.on('end', stop).resume()
