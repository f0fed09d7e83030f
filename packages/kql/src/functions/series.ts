/** Arrays of numbers, point by point. */
import type { ScalarFunctionTable } from './function.js'

export const seriesFunctions: ScalarFunctionTable = {}
