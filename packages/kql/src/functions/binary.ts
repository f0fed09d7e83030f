/** Functions on the 64 bits of a long. */
import type { ScalarFunctionTable } from './function.js'
import { bind, signed64 } from './sql.js'

/** Bits shifted out are lost, as in a register; DuckDB's own `<<` refuses to lose any. */
function shiftLeft(value: unknown, count: unknown): string {
  const bits = `(${value}::HUGEINT & 18446744073709551615)::UHUGEINT`
  return signed64(`${bits} * (1::UHUGEINT << (${count} % 64)::UHUGEINT) & 18446744073709551615::UHUGEINT`)
}

export const binaryFunctions: ScalarFunctionTable = {
  binary_and: {
    doc: 'binary-and-function',
    parameters: ['long', 'long'],
    returns: 'long',
    duckdb: '($0::BIGINT & $1::BIGINT)',
  },
  binary_or: {
    doc: 'binary-or-function',
    parameters: ['long', 'long'],
    returns: 'long',
    duckdb: '($0::BIGINT | $1::BIGINT)',
  },
  binary_xor: {
    doc: 'binary-xor-function',
    parameters: ['long', 'long'],
    returns: 'long',
    duckdb: 'xor($0::BIGINT, $1::BIGINT)',
  },
  binary_not: {
    doc: 'binary-not-function',
    parameters: ['long'],
    returns: 'long',
    duckdb: '(-1 - $0::BIGINT)',
  },
  binary_shift_left: {
    doc: 'binary-shift-left-function',
    parameters: ['long', 'long'],
    returns: 'long',
    nullable: 'always',
    duckdb: ([value, count]) =>
      bind({ x: value, n: count }, (x, n) => `CASE WHEN ${n} >= 0 THEN ${shiftLeft(x, n)} END`),
  },
  binary_shift_right: {
    doc: 'binary-shift-right-function',
    parameters: ['long', 'long'],
    returns: 'long',
    nullable: 'always',
    duckdb: ([value, count]) =>
      bind(
        { x: value, n: count },
        (x, n) => `CASE WHEN ${n} >= 0 THEN ${x}::BIGINT >> (${n} % 64)::BIGINT END`,
      ),
  },
  bitset_count_ones: {
    doc: 'bitset-count-ones-function',
    parameters: ['long'],
    returns: 'long',
    duckdb: 'bit_count($0::BIGINT)::BIGINT',
  },
}
