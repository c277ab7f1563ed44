// `npm run test:long`: the unit tests at their large sizes, which take hours rather than minutes.
import { requireNode, root, runBin } from './setup.mjs'

requireNode()
process.chdir(root)
process.env.MARU_LONG = 'true'
process.exitCode = runBin('vitest', 'vitest', ['run', ...process.argv.slice(2)]) ? 0 : 1
