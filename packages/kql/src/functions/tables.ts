/** All function tables together, found by name or alias. */
import { aggregates } from './aggregates.js'
import { arrayFunctions } from './arrays.js'
import { binaryFunctions } from './binary.js'
import { conditionalFunctions } from './conditional.js'
import { conversionFunctions } from './conversion.js'
import { datetimeFunctions } from './datetime.js'
import { dynamicFunctions } from './dynamic.js'
import { encodingFunctions } from './encoding.js'
import type {
  AggregateFunction,
  AggregateFunctionTable,
  ScalarFunction,
  ScalarFunctionTable,
} from './function.js'
import { geoFunctions } from './geo.js'
import { geoShapeFunctions } from './geo-shapes.js'
import { internalAggregates, internalFunctions } from './internal.js'
import { ipFunctions } from './ip.js'
import { mathFunctions } from './math.js'
import { operatorFunctions } from './operators.js'
import { parsingFunctions } from './parsing.js'
import { pluginFunctions } from './plugins.js'
import { seriesFunctions } from './series.js'
import { seriesModelFunctions } from './series-models.js'
import { setFunctions } from './sets.js'
import { specialFunctions } from './special.js'
import { stringFunctions } from './string.js'
import { termFunctions } from './terms.js'
import { unitFunctions } from './units.js'
import { windowFunctions } from './window.js'

/** The families, in the order of the reference page. A new family is a new line here. */
export const scalarFamilies: Readonly<Record<string, ScalarFunctionTable>> = {
  operators: operatorFunctions,
  terms: termFunctions,
  string: stringFunctions,
  conversion: conversionFunctions,
  conditional: conditionalFunctions,
  datetime: datetimeFunctions,
  dynamic: dynamicFunctions,
  arrays: arrayFunctions,
  sets: setFunctions,
  math: mathFunctions,
  special: specialFunctions,
  units: unitFunctions,
  binary: binaryFunctions,
  encoding: encodingFunctions,
  ip: ipFunctions,
  parsing: parsingFunctions,
  series: seriesFunctions,
  'models of series': seriesModelFunctions,
  geo: geoFunctions,
  'shapes on Earth': geoShapeFunctions,
  internal: internalFunctions,
  plugins: pluginFunctions,
}

export interface Named<F> {
  /** The name of the entry; an alias has been resolved. */
  readonly name: string
  readonly entry: F
}

function index<F extends { readonly aliases?: readonly string[] }>(
  table: Readonly<Record<string, F>>,
): Map<string, Named<F>> {
  const names = new Map<string, Named<F>>()
  for (const [name, entry] of Object.entries(table)) {
    for (const alias of [name, ...(entry.aliases ?? [])]) {
      if (names.has(alias)) throw new Error(`two functions are called ${alias}`)
      names.set(alias, { name, entry })
    }
  }
  return names
}

const scalars = new Map<string, Named<ScalarFunction>>()
for (const family of Object.values(scalarFamilies)) {
  for (const [name, named] of index(family)) {
    if (scalars.has(name)) throw new Error(`two scalar functions are called ${name}`)
    scalars.set(name, named)
  }
}
const allAggregates: AggregateFunctionTable = { ...aggregates, ...internalAggregates }
const aggregateNames = index<AggregateFunction>(allAggregates)
const conditionals = new Map<string, Named<AggregateFunction>>()
for (const [name, entry] of Object.entries(allAggregates)) {
  for (const conditional of [entry.conditional ?? []].flat()) conditionals.set(conditional, { name, entry })
}

export function scalarNamed(name: string): Named<ScalarFunction> | undefined {
  return scalars.get(name)
}

export function aggregateNamed(name: string): Named<AggregateFunction> | undefined {
  return aggregateNames.get(name)
}

/** `sumif` is `sum` with a condition. */
export function conditionalAggregate(name: string): Named<AggregateFunction> | undefined {
  return conditionals.get(name)
}

export function windowNamed(name: string): boolean {
  return name in windowFunctions
}
