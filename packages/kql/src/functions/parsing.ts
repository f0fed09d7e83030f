/** Texts with a structure of their own: URLs, paths, XML, CSV, versions. */
import type { ScalarFunctionTable } from './function.js'

export const parsingFunctions: ScalarFunctionTable = {}
