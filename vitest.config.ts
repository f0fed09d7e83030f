import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests beside the code run on the sources of every package; those of e2e/ run the built program.
  resolve: { conditions: ['auspex-source', 'node'] },
  ssr: { resolve: { conditions: ['auspex-source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'e2e/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    env: { TZ: 'UTC' },
  },
})
