// Builds the client as plain files that the relay serves (dist-web/), and /sw.js, which keeps them in the browser. `vite dev` forwards API and
// socket to a local relay.
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { classicClient } from './scripts/classic-client.mjs'
import { firstScript } from './scripts/first-script.mjs'
import { preloadClient } from './scripts/preload-client.mjs'
import { serviceWorker } from './scripts/service-worker-build.mjs'

const relay = 'http://127.0.0.1:4100'

export default defineConfig({
  root: resolve(import.meta.dirname, 'src-renderer'),
  base: './',
  plugins: [react(), firstScript(), preloadClient(), classicClient(), serviceWorker()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist-web'),
    emptyOutDir: true,
    target: 'baseline-widely-available',
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: resolve(import.meta.dirname, 'src-renderer/index.html') }
  },
  server: { proxy: { '/api': relay, '/socket.io': { target: relay, ws: true } } }
})
