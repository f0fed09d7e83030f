/**
 * Regions within a distance of points, lines and polygons. Circles become regular polygons whose corners lie on the
 * circle, and whose sides are no further inside of it than the tolerance.
 */
import type { Line, Place, Polygon } from './geojson.js'
import { combine } from './planes.js'
import {
  angle,
  arcsOf,
  cross,
  EARTH_RADIUS,
  place,
  plus,
  times,
  unit,
  type Vector,
  vector,
} from './sphere.js'

const FEWEST_CORNERS = 8
const MOST_CORNERS = 720

function cornersFor(radius: number, tolerance: number): number {
  const ratio = Math.min(1, Math.max(tolerance / radius, 1e-6))
  const corners = Math.ceil(Math.PI / Math.acos(Math.max(0, 1 - ratio)))
  return Math.max(FEWEST_CORNERS, Math.min(MOST_CORNERS, corners))
}

function around(center: Vector, radius: number, corners: number): Line {
  const pole: Vector = Math.abs(center[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]
  const east = unit(cross(pole, center))
  const north = cross(center, east)
  const [near, far] = [Math.cos(radius), Math.sin(radius)]
  const ring = Array.from({ length: corners }, (_, i) => {
    const turn = (2 * Math.PI * i) / corners
    const side = plus(times(east, Math.cos(turn)), times(north, Math.sin(turn)))
    return place(unit(plus(times(center, near), times(side, far))))
  })
  return [...ring, ring[0]!]
}

export function circle(center: Place, metres: number, tolerance: number): Polygon {
  return [around(vector(center), metres / EARTH_RADIUS, cornersFor(metres, tolerance))]
}

/** The ends of an arc in circles, and the band between them. */
function capsule([a, b]: readonly [Vector, Vector], metres: number, tolerance: number): Polygon[] {
  const radius = metres / EARTH_RADIUS
  const corners = cornersFor(metres, tolerance)
  const side = unit(cross(a, b))
  const beside = (v: Vector, sign: number) =>
    place(unit(plus(times(v, Math.cos(radius)), times(side, sign * Math.sin(radius)))))
  const band = [beside(a, -1), beside(b, -1), beside(b, 1), beside(a, 1)]
  const parts: Polygon[] = [[around(a, radius, corners)], [around(b, radius, corners)]]
  if (angle(a, b) > 0) parts.push([[...band, band[0]!]])
  return parts
}

export function lineBuffer(
  lines: readonly Line[],
  metres: number,
  tolerance: number,
): readonly Polygon[] | null {
  return union(lines.flatMap((line) => arcsOf(line).flatMap((arc) => capsule(arc, metres, tolerance))))
}

export function polygonBuffer(
  polygons: readonly Polygon[],
  metres: number,
  tolerance: number,
): readonly Polygon[] | null {
  const edges = polygons.flatMap((polygon) => polygon.flatMap(arcsOf))
  return union([...polygons, ...edges.flatMap((arc) => capsule(arc, metres, tolerance))])
}

/** So many circles and bands are united. */
const MOST_PARTS = 3_000

function union(parts: readonly Polygon[]): readonly Polygon[] | null {
  if (parts.length > MOST_PARTS)
    throw new Error(`a buffer is made of ${parts.length} parts; ${MOST_PARTS} are allowed`)
  return combine(
    'union',
    parts.map((polygon) => [polygon]),
  )
}
