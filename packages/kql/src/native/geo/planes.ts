/**
 * The gnomonic plane: seen from the middle of the sphere, arcs of great circles are straight lines, so that polygons can
 * be cut in the plane and put back exactly. It holds less than half the sphere.
 */
import clipping from 'polygon-clipping'
import type { Place, Polygon } from './geojson.js'
import { cross, dot, place, plus, times, unit, type Vector, vector } from './sphere.js'

type Pair = [number, number]

export class Plane {
  readonly #center: Vector
  readonly #east: Vector
  readonly #north: Vector

  /** Around the middle of places; null if they do not fit. */
  static of(places: readonly Place[]): Plane | null {
    const center = unit(places.map(vector).reduce(plus, [0, 0, 0]))
    return places.every((at) => dot(vector(at), center) > 0.05) ? new Plane(center) : null
  }

  constructor(center: Vector) {
    this.#center = center
    const pole: Vector = Math.abs(center[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]
    this.#east = unit(cross(pole, center))
    this.#north = cross(center, this.#east)
  }

  to(at: Place): Pair {
    const v = vector(at)
    const depth = dot(v, this.#center)
    return [dot(v, this.#east) / depth, dot(v, this.#north) / depth]
  }

  from([x, y]: readonly [number, number]): Place {
    return place(unit(plus(this.#center, plus(times(this.#east, x), times(this.#north, y)))))
  }
}

export type Operation = 'union' | 'intersection'

/** So many corners are cut at once. */
const MOST_PLACES = 200_000

/** What an operation makes of polygons; null if they do not fit into one plane. */
export function combine(
  operation: Operation,
  parts: readonly (readonly Polygon[])[],
): readonly Polygon[] | null {
  const places = parts.flat(3) as Place[]
  if (places.length > MOST_PLACES)
    throw new Error(`polygons have ${places.length} corners; ${MOST_PLACES} are allowed`)
  const plane = Plane.of(places)
  if (!plane) return null
  // The places as they were given come back as they were given.
  const known = new Map(places.map((at) => [keyOf(plane.to(at)), at]))
  const flat = parts.map((polygons) =>
    polygons.map((polygon) => polygon.map((ring) => ring.map((at) => plane.to(at)))),
  )
  const [first, ...rest] = flat as [Pair[][][], ...Pair[][][][]]
  const result = clipping[operation](first, ...rest)
  const corners = places.map((at) => plane.to(at))
  const sides = flat
    .flat(2)
    .flatMap((ring) => ring.slice(1).map((to, i) => `${keyOf(ring[i]!)}|${keyOf(to)}`))
  return result.map((polygon) =>
    polygon.map((ring) => {
      const full = begunAt(sides, withCorners(ring, corners))
      return full.map((pair) => known.get(keyOf(pair)) ?? plane.from(pair))
    }),
  )
}

/** The ring begun with the side that comes first among those of its makings. */
function begunAt(sides: readonly string[], ring: readonly Pair[]): readonly Pair[] {
  const open = ring.slice(0, -1)
  const own = new Map(open.map((from, i) => [`${keyOf(from)}|${keyOf(open[(i + 1) % open.length]!)}`, i]))
  const first = sides.find((side) => own.has(side))
  const at = first === undefined ? 0 : own.get(first)!
  const turned = [...open.slice(at), ...open.slice(0, at)]
  return [...turned, turned[0]!]
}

const keyOf = ([x, y]: readonly [number, number]): string => `${x.toPrecision(13)} ${y.toPrecision(13)}`

const NEAR = 1e-13
const MOST_LOOKS = 5_000_000

/** The ring with the corners of its makings that lie on its sides. */
function withCorners(ring: readonly Pair[], corners: readonly Pair[]): Pair[] {
  const taken = new Set(ring.map(keyOf))
  // Only looks: a long ring goes without.
  if (ring.length * corners.length > MOST_LOOKS) return [...ring]
  const result: Pair[] = []
  ring.forEach((from, i) => {
    result.push(from)
    const to = ring[i + 1]
    if (!to) return
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
    const length = dx * dx + dy * dy
    const between = corners
      .filter((corner) => !taken.has(keyOf(corner)))
      .map((corner) => ({
        corner,
        part: ((corner[0] - from[0]) * dx + (corner[1] - from[1]) * dy) / length,
        off: Math.abs((corner[0] - from[0]) * dy - (corner[1] - from[1]) * dx) / Math.sqrt(length),
      }))
      .filter(({ part, off }) => part > 0 && part < 1 && off < NEAR)
      .sort((a, b) => a.part - b.part)
    for (const { corner } of between) {
      if (taken.has(keyOf(corner))) continue
      taken.add(keyOf(corner))
      result.push(corner)
    }
  })
  return result
}
