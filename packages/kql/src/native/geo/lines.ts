/** Lines: where they meet, what they have in common, how they are made simpler and denser. */
import type { Line, Place } from './geojson.js'
import {
  angle,
  arcsOf,
  between,
  cross,
  crossing,
  dot,
  EARTH_RADIUS,
  nearestOnArc,
  place,
  unit,
  type Vector,
  vector,
} from './sphere.js'

type Arc = readonly [Vector, Vector]

const isSame = (a: Vector, b: Vector) => angle(a, b) < 1e-15

/** Radians: some micrometres, for the normal of a short arc is known no better. */
const ON_CIRCLE = 1e-12

/** The part that two arcs of one circle have in common. */
function overlap([a, b]: Arc, [c, d]: Arc): Arc | null {
  const normal = unit(cross(a, b))
  if (Math.abs(dot(normal, c)) > ON_CIRCLE || Math.abs(dot(normal, d)) > ON_CIRCLE) return null
  const at = (v: Vector) => Math.atan2(dot(cross(a, v), normal), dot(a, v))
  const end = at(b)
  const [from, to] = [at(c), at(d)].sort((x, y) => x - y) as [number, number]
  const low = Math.max(0, from)
  const high = Math.min(end, to)
  if (high - low < 1e-15) return null
  const part = (x: number): Vector => (x === 0 ? a : x === end ? b : between(a, b, x / end))
  return [part(low), part(high)]
}

/** So many pairs of edges are looked at. */
const MOST_PAIRS = 20_000_000

function bounded(one: readonly Line[], other: readonly Line[]): void {
  const edges = (lines: readonly Line[]) => lines.reduce((total, line) => total + line.length, 0)
  const pairs = edges(one) * edges(other)
  if (pairs > MOST_PAIRS)
    throw new Error(`two shapes have ${pairs} pairs of edges; ${MOST_PAIRS} are allowed`)
}

export interface Common {
  readonly points: readonly Place[]
  readonly lines: readonly Line[]
}

export function commonOf(one: readonly Line[], other: readonly Line[]): Common {
  bounded(one, other)
  const points: Vector[] = []
  const arcs: Arc[] = []
  const theirs = other.flatMap(arcsOf)
  for (const mine of one.flatMap(arcsOf)) {
    for (const their of theirs) {
      const shared = overlap(mine, their)
      if (shared) arcs.push(shared)
      else {
        const point = crossing(...mine, ...their)
        if (point && !points.some((known) => isSame(known, point))) points.push(point)
      }
    }
  }
  const off = points.filter(
    (point) => !arcs.some(([a, b]) => angle(nearestOnArc(point, a, b), point) < 1e-14),
  )
  return { points: off.map(place), lines: joined(arcs.map(([a, b]) => [place(a), place(b)])) }
}

export function meet(one: readonly Line[], other: readonly Line[]): boolean {
  bounded(one, other)
  const theirs = other.flatMap(arcsOf)
  return one
    .flatMap(arcsOf)
    .some((mine) =>
      theirs.some((their) => crossing(...mine, ...their) !== null || overlap(mine, their) !== null),
    )
}

const keyOf = (at: Place) => `${at[0].toFixed(12)} ${at[1].toFixed(12)}`

/** Lines joined end to end, as long as no third one meets there; of equal edges one is kept. */
export function joined(lines: readonly Line[]): Line[] {
  const edges = new Map<string, [Place, Place]>()
  for (const line of lines) {
    line.slice(1).forEach((to, i) => {
      const from = line[i]!
      const ends = [keyOf(from), keyOf(to)]
      if (ends[0] !== ends[1])
        edges.set([...ends].sort().join('|'), edges.get([...ends].sort().join('|')) ?? [from, to])
    })
  }
  const degree = new Map<string, number>()
  for (const [from, to] of edges.values())
    for (const end of [from, to]) degree.set(keyOf(end), (degree.get(keyOf(end)) ?? 0) + 1)
  const left = new Set(edges.keys())
  const result: Place[][] = []
  const follow = (chain: Place[]): void => {
    for (;;) {
      const end = chain.at(-1)!
      if (degree.get(keyOf(end)) !== 2) return
      const next = [...left].find((key) => edges.get(key)!.some((at) => keyOf(at) === keyOf(end)))
      if (!next) return
      left.delete(next)
      const [from, to] = edges.get(next)!
      chain.push(keyOf(from) === keyOf(end) ? to : from)
    }
  }
  while (left.size > 0) {
    const key = left.values().next().value!
    left.delete(key)
    const chain = [...edges.get(key)!]
    follow(chain)
    chain.reverse()
    follow(chain)
    result.push(chain.reverse())
  }
  return result
}

/** The line without places that lie no further from it than a tolerance in metres; its ends stay. */
export function simplified(line: Line, tolerance: number): Line {
  const vectors = line.map(vector)
  const keep = new Set([0, line.length - 1])
  const work: [number, number][] = [[0, line.length - 1]]
  while (work.length > 0) {
    const [from, to] = work.pop()!
    let worst = -1
    let most = tolerance / EARTH_RADIUS
    for (let i = from + 1; i < to; i++) {
      const distance = angle(vectors[i]!, nearestOnArc(vectors[i]!, vectors[from]!, vectors[to]!))
      if (distance > most) {
        most = distance
        worst = i
      }
    }
    if (worst < 0) continue
    keep.add(worst)
    work.push([from, worst], [worst, to])
  }
  return line.filter((_, i) => keep.has(i))
}

/** Where the error of an arc against the straight line on the map is looked at, and what it is held against. */
const PROBE = 0.3121569108224831
const SCALE = 0.8382999256988851
const MOST_PLACES = 1_000_000

/** Places between those of a line that is straight on the map, so that arcs stay within a tolerance of it. */
export function densified(line: Line, tolerance: number): Line {
  const limit = (SCALE * tolerance) / EARTH_RADIUS
  const result: Place[] = [line[0]!]
  const mid = (a: Place, b: Place, part: number): Place => [
    a[0] + (b[0] - a[0]) * part,
    a[1] + (b[1] - a[1]) * part,
  ]
  const error = (a: Place, b: Place): number => {
    const [from, to] = [vector(a), vector(b)]
    if (dot(from, to) < -1e-14) return Number.POSITIVE_INFINITY
    return Math.max(
      ...[PROBE, 1 - PROBE].map((part) => angle(between(from, to, part), vector(mid(a, b, part)))),
    )
  }
  const add = (a: Place, b: Place): void => {
    if (result.length > MOST_PLACES) throw new Error(`a dense line has more than ${MOST_PLACES} places`)
    if (error(a, b) <= limit) {
      result.push(b)
      return
    }
    const middle = mid(a, b, 0.5)
    add(a, middle)
    add(middle, b)
  }
  line.slice(1).forEach((to, i) => {
    const from = line[i]!
    // The shorter way round.
    const turn = to[0] - from[0] > 180 ? -360 : to[0] - from[0] < -180 ? 360 : 0
    add(from, [to[0] + turn, to[1]])
    result[result.length - 1] = to
  })
  return result.map(([longitude, latitude]) => [
    longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude,
    latitude,
  ])
}
