import { aggregateMacros } from './aggregates.js'
import { arrayMacros } from './arrays.js'
import { conversionMacros } from './conversion.js'
import { datetimeMacros } from './datetime.js'
import { dynamicMacros } from './dynamic.js'
import type { Macro } from './macro.js'
import { mathMacros } from './math.js'
import { pluginMacros } from './plugins.js'
import { punycodeMacros } from './punycode.js'
import { seriesMacros } from './series.js'
import { stringMacros } from './string.js'

/** All macros, in an order in which each comes after those it uses. */
export const macros: readonly Macro[] = [
  ...mathMacros,
  ...datetimeMacros,
  ...conversionMacros,
  ...dynamicMacros,
  ...aggregateMacros,
  ...arrayMacros,
  ...seriesMacros,
  ...punycodeMacros,
  ...stringMacros,
  ...pluginMacros,
]
