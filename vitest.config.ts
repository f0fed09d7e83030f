import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run on the sources of every package, so that no stale build can pass.
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
