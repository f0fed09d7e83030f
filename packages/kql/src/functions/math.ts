/** Numbers. */
import { DUCKDB_TYPES } from '../dialects/duckdb/types.js'
import type { ScalarFunction, ScalarFunctionTable, Sql, TemplateContext } from './function.js'

function real(doc: string, duckdb: string): ScalarFunction {
  return { doc, parameters: ['real'], returns: 'real', nullable: 'always', duckdb }
}

/** Null outside of [-1, 1]. */
function within(name: string): string {
  return `CASE WHEN $0 BETWEEN -1 AND 1 THEN ${name}($0) END`
}

function rounded([value, digits]: readonly Sql[], { type }: TemplateContext): string {
  if (type === 'real') return `kql_round(${value!.bare}, ${digits?.bare ?? '0'})`
  return `round(${value!.bare}, (${digits?.bare ?? '0'})::INTEGER)::${DUCKDB_TYPES[type]}`
}

export const mathFunctions: ScalarFunctionTable = {
  abs: {
    doc: 'abs-function',
    duckdb: ([value], { type }) =>
      `abs(${value!.bare})${type === value!.type ? '' : `::${DUCKDB_TYPES[type]}`}`,
  },
  sign: {
    doc: 'sign-function',
    returns: 'real',
    duckdb: 'sign($0)::DOUBLE',
  },
  sqrt: real('sqrt-function', 'CASE WHEN $0 >= 0 THEN sqrt($0) END'),
  exp: real('exp-function', 'exp($0)'),
  exp2: real('exp2-function', 'pow(2e0, $0)'),
  exp10: real('exp10-function', 'pow(10e0, $0)'),
  log: real('log-function', "CASE WHEN $0 > 0 THEN ln($0) WHEN $0 = 0 THEN '-Infinity'::DOUBLE END"),
  log2: real('log2-function', "CASE WHEN $0 > 0 THEN log2($0) WHEN $0 = 0 THEN '-Infinity'::DOUBLE END"),
  log10: real('log10-function', "CASE WHEN $0 > 0 THEN log10($0) WHEN $0 = 0 THEN '-Infinity'::DOUBLE END"),
  pow: { doc: 'pow-function', parameters: ['real', 'real'], returns: 'real', duckdb: 'pow($0, $1)' },
  pi: { doc: 'pi-function', returns: 'real', nullable: 'never', duckdb: 'pi()' },
  sin: real('sin-function', 'sin($0)'),
  cos: real('cos-function', 'cos($0)'),
  tan: real('tan-function', 'tan($0)'),
  cot: real('cot-function', '1e0 / tan($0)'),
  asin: real('asin-function', within('asin')),
  acos: real('acos-function', within('acos')),
  atan: real('atan-function', 'atan($0)'),
  atan2: { doc: 'atan2-function', parameters: ['real', 'real'], returns: 'real', duckdb: 'atan2($0, $1)' },
  degrees: real('degrees-function', 'degrees($0)'),
  radians: real('radians-function', 'radians($0)'),
  ceiling: {
    doc: 'ceiling-function',
    duckdb: ([value], { type }) => `ceil(${value!.bare})::${DUCKDB_TYPES[type]}`,
  },
  round: { doc: 'round-function', parameters: ['any', 'long'], duckdb: rounded },
  isnan: {
    doc: 'isnan-function',
    parameters: ['real'],
    returns: 'bool',
    nullable: 'never',
    duckdb: 'coalesce(isnan($0), false)',
  },
  isinf: {
    doc: 'isinf-function',
    parameters: ['real'],
    returns: 'bool',
    nullable: 'never',
    duckdb: 'coalesce(isinf($0), false)',
  },
  isfinite: {
    doc: 'isfinite-function',
    parameters: ['real'],
    returns: 'bool',
    nullable: 'never',
    duckdb: 'coalesce(isfinite($0), false)',
  },
  rand: {
    doc: 'rand-function',
    parameters: ['long'],
    returns: 'real',
    nullable: 'never',
    volatile: true,
    duckdb: ([limit]) =>
      limit === undefined || limit.constant === '1' || limit.constant === '0'
        ? 'random()'
        : `floor(random() * ${limit})`,
  },
  around: {
    doc: 'around-function',
    returns: 'bool',
    duckdb: ([value, center, delta]) => `${value} BETWEEN ${center} - ${delta} AND ${center} + ${delta}`,
  },
}
