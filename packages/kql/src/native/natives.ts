/** All native functions. A new family is a new line here. */
import { compressionNatives } from './compression.js'
import { dynamicNatives } from './dynamic.js'
import { geoNatives } from './geo/natives.js'
import { graphNatives } from './graph.js'
import type { NativeFunction } from './native.js'
import { seriesNatives } from './series/natives.js'
import { xmlNatives } from './xml.js'

export const natives: readonly NativeFunction[] = [
  ...compressionNatives,
  ...dynamicNatives,
  ...geoNatives,
  ...graphNatives,
  ...seriesNatives,
  ...xmlNatives,
]
