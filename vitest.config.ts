// Unit tests: one project in Node, one in a simulated browser. Playwright's specs are *.spec.ts and not seen here.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // All cores: what runs meanwhile is the tests alone.
    maxWorkers: '100%',
    reporters: ['default', './scripts/vitest-summary.mjs'],
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['{protocol,server,src-main,scripts,e2e,simulation}/**/*.test.{ts,mjs}']
        }
      },
      {
        plugins: [react()],
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          setupFiles: ['./scripts/vitest-renderer.mjs'],
          include: ['src-renderer/**/*.test.{ts,tsx}']
        }
      }
    ]
  }
})
