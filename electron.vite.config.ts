// Builds the desktop app (out/): main process, sandboxed preload, and the same client as the web, which a relay inside the app gives to browsers too. Needs
// no Electron binary.
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { noteBundledPackages } from './scripts/bundled-packages.mjs'
import { classicClient } from './scripts/classic-client.mjs'
import { firstScript } from './scripts/first-script.mjs'
import { preloadClient } from './scripts/preload-client.mjs'
import { serviceWorker } from './scripts/service-worker-build.mjs'

const at = (path: string): string => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    plugins: [noteBundledPackages('main')],
    build: {
      target: 'node24.18',
      externalizeDeps: false, // everything in one file: the packaged app has no node_modules
      outDir: at('out/main'),
      sourcemap: true,
      // Beside the app itself: the process of a relay inside it.
      rolldownOptions: { input: { index: at('src-main/index.ts'), host: at('server/hosting/main.ts') } }
    }
  },
  preload: {
    plugins: [noteBundledPackages('preload')],
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
    plugins: [
      react(),
      firstScript(),
      preloadClient(),
      classicClient(),
      serviceWorker(),
      noteBundledPackages('renderer')
    ],
    build: {
      // For those browsers, as in vite.web.config.ts; Electron's own could take more.
      target: 'es2022',
      cssTarget: ['chrome111', 'firefox114', 'safari16.4'],
      outDir: at('out/renderer'),
      minify: true,
      chunkSizeWarningLimit: 1500,
      rolldownOptions: { input: at('src-renderer/index.html') }
    }
  }
})
