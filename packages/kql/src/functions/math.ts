/** Numbers. */
import type { ScalarFunctionTable } from './function.js'

export const mathFunctions: ScalarFunctionTable = {
  rand: { doc: 'rand-function', returns: 'real', volatile: true, duckdb: 'random()' },
}
