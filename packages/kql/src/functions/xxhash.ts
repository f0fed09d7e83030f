/**
 * xxHash64 with seed 0 in SQL, which `hash()` of Kusto is. [github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md]
 *
 * All numbers are UHUGEINT, so that the product of two words of 64 bits fits, and are cut back to 64 bits.
 */
import { bind, map } from './sql.js'

const PRIME_1 = 0x9e3779b185ebca87n
const PRIME_2 = 0xc2b2ae3d27d4eb4fn
const PRIME_3 = 0x165667b19e3779f9n
const PRIME_4 = 0x85ebca77c2b2ae63n
const PRIME_5 = 0x27d4eb2f165667c5n
const MASK = 0xffffffffffffffffn

const wide = (value: bigint): string => `${value}::UHUGEINT`
const cut = (value: string): string => `((${value}) & ${wide(MASK)})`
const times = (value: string, prime: bigint): string => cut(`${value} * ${wide(prime)}`)
const plus = (value: string, addend: string): string => cut(`${value} + ${addend}`)

function rotate(value: string, bits: number): string {
  return bind({ v: value }, (v) =>
    cut(`(${v} << ${wide(BigInt(bits))}) | (${v} >> ${wide(BigInt(64 - bits))})`),
  )
}

/** One step of an accumulator. */
function round(accumulator: string, word: string): string {
  return times(rotate(plus(accumulator, times(word, PRIME_2)), 31), PRIME_1)
}

const shiftXor = (value: string, bits: number): string =>
  bind({ v: value }, (v) => `xor(${v}, ${v} >> ${wide(BigInt(bits))})`)

/** The number of `bytes` bytes that starts at a byte (0-based, SQL) of hexadecimal text, lowest byte first. */
function read(hex: string, at: string, bytes: number): string {
  const pairs = Array.from(
    { length: bytes },
    (_, i) => `substr(${hex}, 2 * (${at}) + ${2 * (bytes - i) - 1}, 2)`,
  )
  return `('0x' || ${pairs.join(' || ')})::UBIGINT::UHUGEINT`
}

function reduce(
  start: string,
  list: string,
  name: string,
  step: (state: string, element: string) => string,
): string {
  const [state, element] = [`"$${name}_state"`, `"$${name}"`]
  return `list_reduce(list_prepend(${start}, ${list}), lambda ${state}, ${element}: ${step(state, element)})`
}

/** The hash, a UHUGEINT below 2^64, of bytes given in hexadecimal. */
export function xxhash64(hexadecimal: string): string {
  return bind({ hex: hexadecimal }, (hex) => bind({ hex, n: `length(${hex}) // 2` }, (h, n) => finish(h, n)))
}

function finish(h: string, n: string): string {
  const striped = `(${n} // 32 * 32)`
  const words = `((${n} - ${striped}) // 8)`
  const half = `(${striped} + 8 * ${words})`
  const bytes = `(${half} + (${n} - ${half}) // 4 * 4)`
  const start = `CASE WHEN ${n} < 32 THEN ${wide(PRIME_5)} ELSE ${converge(h, n)} END`
  const withLength = plus(start, `${n}::UHUGEINT`)
  const eights = map(`range(${words})`, 'i', (i) => read(h, `${striped} + 8 * ${i}`, 8))
  const afterEights = reduce(withLength, eights, 'w8', (state, word) =>
    plus(times(rotate(`xor(${state}, ${round(wide(0n), word)})`, 27), PRIME_1), wide(PRIME_4)),
  )
  const fours = map(`range(${half}, ${bytes}, 4)`, 'i', (i) => read(h, i, 4))
  const afterFours = reduce(afterEights, fours, 'w4', (state, word) =>
    plus(times(rotate(`xor(${state}, ${times(word, PRIME_1)})`, 23), PRIME_2), wide(PRIME_3)),
  )
  const ones = map(`range(${bytes}, ${n})`, 'i', (i) => read(h, i, 1))
  const afterOnes = reduce(afterFours, ones, 'w1', (state, byte) =>
    times(rotate(`xor(${state}, ${times(byte, PRIME_5)})`, 11), PRIME_1),
  )
  return shiftXor(times(shiftXor(times(shiftXor(afterOnes, 33), PRIME_2), 29), PRIME_3), 32)
}

/** The four accumulators over whole stripes of 32 bytes, merged. */
function converge(h: string, n: string): string {
  const seeds = [(PRIME_1 + PRIME_2) & MASK, PRIME_2, 0n, (MASK + 1n - PRIME_1) & MASK]
  const lanes = seeds.map((seed, lane) =>
    reduce(
      wide(seed),
      map(`range(${n} // 32)`, 'i', (i) => read(h, `32 * ${i} + ${8 * lane}`, 8)),
      'lane',
      round,
    ),
  )
  return bind({ lanes: `[${lanes.join(', ')}]` }, (v) => {
    const sum = [1, 7, 12, 18].map((bits, i) => rotate(`${v}[${i + 1}]`, bits)).join(' + ')
    return [1, 2, 3, 4].reduce(
      (state, i) => plus(times(`xor(${state}, ${round(wide(0n), `${v}[${i}]`)})`, PRIME_1), wide(PRIME_4)),
      cut(sum),
    )
  })
}
