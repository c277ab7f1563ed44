// `npm run shots -- --out DIR`: brings the clone to the point where e2e/shots.ts can take its pictures, and lets it.
import { ensureChromium } from './chromium.mjs'
import { buildIfStale, installPackages, requireNode, runBin } from './setup.mjs'

requireNode()
if (!installPackages() || !buildIfStale()) {
  console.error('Maru could not be built; the lines above say why.')
  process.exit(1)
}
ensureChromium()
process.exit(runBin('tsx', 'tsx', ['e2e/shots.ts', ...process.argv.slice(2)]) ? 0 : 1)
