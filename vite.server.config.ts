// Builds the relay (dist-server/main.js), and as the process of a relay that an app hosts (host.js). Packages stay outside and come from node_modules.
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    ssr: true,
    outDir: resolve(import.meta.dirname, 'dist-server'),
    emptyOutDir: true,
    target: 'node20',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: {
        main: resolve(import.meta.dirname, 'server/main.ts'),
        host: resolve(import.meta.dirname, 'server/hosting/main.ts')
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }
    }
  },
  publicDir: false
})
