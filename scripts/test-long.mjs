// `npm run test:long`: unit tests and specs at their large sizes, which take hours rather than minutes. With arguments for vitest: the unit tests alone.
import { runPlaywright } from './run-playwright.mjs'
import { build, installPackages, requireNode, root, runBin } from './setup.mjs'

requireNode()
process.chdir(root)
process.env.MARU_LONG = 'true'
const args = process.argv.slice(2)
if (!installPackages()) process.exit(1)
const unitSucceeded = runBin('vitest', 'vitest', ['run', ...args])
// Whatever became of the unit tests.
const specsSucceeded = args.length > 0 || (build('web') && build('server') && build('desktop') && runPlaywright())
process.exitCode = unitSucceeded && specsSucceeded ? 0 : 1
