/** Set operations on arrays. */
import type { ScalarFunctionTable } from './function.js'

export const setFunctions: ScalarFunctionTable = {}
