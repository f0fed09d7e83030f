// Imports run downwards only; this table is the house of ARCHITECTURE.md.
const MAY_USE = {
  attack: [],
  auditd: [],
  kql: [],
  store: ['auditd', 'kql'],
  sessions: ['auditd', 'kql', 'store'],
  collect: ['attack', 'auditd', 'kql', 'store'],
  detect: ['attack', 'auditd', 'kql', 'store', 'sessions'],
  server: ['attack', 'auditd', 'kql', 'store', 'sessions', 'collect', 'detect'],
  web: ['attack', 'kql', 'store', 'sessions', 'detect', 'server'],
  cli: ['attack', 'auditd', 'kql', 'store', 'sessions', 'collect', 'detect', 'server', 'web'],
}

const PURE = ['attack', 'auditd', 'kql']
/** Modules of Node's that only hold or turn data, or load a script of the package's own dependency. */
const NO_IO = ['buffer', 'module', 'zlib']

module.exports = {
  forbidden: [
    ...Object.entries(MAY_USE).map(([from, to]) => ({
      name: `${from}-imports-downwards`,
      severity: 'error',
      from: { path: `^packages/${from}/src` },
      to: { path: '^packages/', pathNot: `^packages/(${[from, ...to].join('|')})/` },
    })),
    ...PURE.map((name) => ({
      name: `${name}-has-no-io`,
      severity: 'error',
      from: { path: `^packages/${name}/src`, pathNot: '\\.(test|testing)\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: `^(node:)?(${NO_IO.join('|')})$` },
    })),
    {
      name: 'web-has-only-types-of-what-runs-on-node',
      severity: 'error',
      from: { path: '^packages/web/src', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/(store|sessions|detect|server)/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['auspex-source', 'import'] },
    doNotFollow: { path: 'node_modules' },
  },
}
