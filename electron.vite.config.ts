// Builds the desktop app (out/): main process, sandboxed preload, and the same client as the web. Needs no Electron binary.
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { preloadClient } from './scripts/preload-client.mjs'

const at = (path: string): string => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      target: 'node24.18',
      externalizeDeps: false, // everything in one file: the packaged app has no node_modules
      outDir: at('out/main'),
      sourcemap: true,
      rolldownOptions: { input: { index: at('src-main/index.ts') } }
    }
  },
  preload: {
    build: {
      target: 'node24.18',
      externalizeDeps: false,
      outDir: at('out/preload'),
      // A sandboxed preload can be no ES module, and can load no file beside it.
      rolldownOptions: {
        input: { preload: at('src-main/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false }
      }
    }
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [react(), preloadClient()],
    build: {
      target: 'chrome152',
      outDir: at('out/renderer'),
      minify: true,
      chunkSizeWarningLimit: 1500,
      rolldownOptions: { input: at('src-renderer/index.html') }
    }
  }
})
