import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [react()],
  resolve: {
    // @auspex/kql and Microsoft's scripts name modules of Node's that they do not need here.
    alias: Object.fromEntries(
      ['node:module', 'node:buffer', 'node:crypto', 'node:zlib', 'fs'].map((name) => [
        name,
        here('./src/logs/editor/no-node.ts'),
      ]),
    ),
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      // `npm run dev` shows the data of the server at this address.
      '/api': process.env.AUSPEX_URL ?? 'http://127.0.0.1:4190',
    },
  },
})
