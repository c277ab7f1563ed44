// Unit tests: in Node, the client's logic there too, its screen in a simulated browser. Playwright's specs are *.spec.ts and not seen here.
import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Of a machine that is busy with other things: what is right does not take longer for it. */
const patience = { testTimeout: 20_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    // What runs meanwhile is the tests alone, and many wait for a disk or a database.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    reporters: ['default', './scripts/vitest-summary.mjs'],
    projects: [
      {
        test: {
          ...patience,
          name: 'node',
          environment: 'node',
          include: ['{protocol,server,src-main,scripts,e2e,simulation}/**/*.test.{ts,mjs}']
        }
      },
      {
        test: {
          ...patience,
          name: 'client',
          // Which takes a third of the time of a simulated browser; a file that needs one says so in its first line.
          environment: 'node',
          // Files that follow one another in a process share their modules, which is half of the work: this code keeps nothing in them.
          isolate: false,
          setupFiles: ['fake-indexeddb/auto'],
          include: ['src-renderer/**/*.test.ts']
        }
      },
      {
        plugins: [react()],
        test: {
          ...patience,
          name: 'screen',
          environment: 'happy-dom',
          setupFiles: ['./scripts/vitest-renderer.mjs', './src-renderer/testing/load-texts.ts'],
          include: ['src-renderer/**/*.test.tsx']
        }
      }
    ]
  }
})
