import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      // @auspex/kql loads Microsoft's scripts with it; the worker brings them itself.
      'node:module': here('./src/logs/editor/no-require.ts'),
      // The same scripts ask for it and do without.
      fs: here('./src/logs/editor/no-files.ts'),
    },
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
