// `npm run dist`: the packages of the desktop app for this system, from a clone with nothing installed, in release/. What comes after `--` is handed to
// electron-builder: `npm run dist -- --arm64`, `npm run dist -- --linux AppImage`. docs/releasing.md
import { build, installPackages, requireNode, root } from './setup.mjs'

requireNode()
process.chdir(root)
if (!installPackages() || !build('desktop')) {
  process.exitCode = 1
} else {
  // What it imports may have been installed just now.
  const { adviceOn, pack } = await import('./pack.mjs')
  const { succeeded, said, packages } = await pack(process.argv.slice(2))
  if (succeeded) console.log(`\nIn release/:\n${[...packages, 'SHA256SUMS'].map((name) => `- ${name}`).join('\n')}`)
  else {
    console.error(adviceOn(said) ?? '\nNothing was packed.')
    process.exitCode = 1
  }
}
