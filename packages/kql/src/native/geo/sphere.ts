/** Places as unit vectors, edges as arcs of great circles, distances in metres. */
import type { Line, Place } from './geojson.js'

/** Metres; the sphere that Kusto takes Earth for. */
export const EARTH_RADIUS = 6_371_010

export type Vector = readonly [number, number, number]

const RADIANS = Math.PI / 180

export function vector([longitude, latitude]: Place): Vector {
  const [lon, lat] = [longitude * RADIANS, latitude * RADIANS]
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)]
}

export function place([x, y, z]: Vector): Place {
  return [Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS]
}

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const times = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor]
export const norm = (a: Vector): number => Math.hypot(a[0], a[1], a[2])

export function unit(a: Vector): Vector {
  const length = norm(a)
  return length === 0 ? a : times(a, 1 / length)
}

/** Radians. */
export const angle = (a: Vector, b: Vector): number => Math.atan2(norm(cross(a, b)), dot(a, b))

/** The point at a part of the way. */
export function between(a: Vector, b: Vector, part: number): Vector {
  const whole = angle(a, b)
  if (whole === 0) return a
  return unit(plus(times(a, Math.sin((1 - part) * whole)), times(b, Math.sin(part * whole))))
}

/** The point of an arc that is nearest to another point. */
export function nearestOnArc(point: Vector, a: Vector, b: Vector): Vector {
  const normal = cross(a, b)
  if (norm(normal) < 1e-15) return a
  const foot = unit(cross(cross(normal, point), normal))
  const isInside = dot(cross(normal, a), foot) >= 0 && dot(cross(b, normal), foot) >= 0
  if (isInside && norm(foot) > 0) return foot
  return dot(point, a) >= dot(point, b) ? a : b
}

export const arcsOf = (line: Line): [Vector, Vector][] => {
  const vectors = line.map(vector)
  return vectors.slice(1).map((to, i) => [vectors[i]!, to])
}

export function lengthOf(line: Line): number {
  return arcsOf(line).reduce((total, [a, b]) => total + angle(a, b), 0)
}

/** The nearest point of lines to a point. */
export function nearestOn(point: Vector, lines: readonly Line[]): { point: Vector; angle: number } {
  let best = { point, angle: Number.POSITIVE_INFINITY }
  for (const line of lines) {
    for (const [a, b] of arcsOf(line)) {
      const candidate = nearestOnArc(point, a, b)
      const distance = angle(point, candidate)
      if (distance < best.angle) best = { point: candidate, angle: distance }
    }
  }
  return best
}

/** Where two arcs cross, inside of both or at an end; null if they do not. Arcs of one circle do not cross. */
export function crossing(a: Vector, b: Vector, c: Vector, d: Vector): Vector | null {
  const [ab, cd] = [cross(a, b), cross(c, d)]
  const line = cross(ab, cd)
  if (norm(line) < 1e-14 * norm(ab) * norm(cd) || norm(line) < 1e-30) return null
  const candidate = unit(line)
  for (const point of [candidate, times(candidate, -1)]) {
    if (isOnArc(point, a, b, ab) && isOnArc(point, c, d, cd)) return point
  }
  return null
}

const SLACK = 1e-15

function isOnArc(point: Vector, a: Vector, b: Vector, normal: Vector): boolean {
  return dot(cross(normal, a), point) >= -SLACK && dot(cross(b, normal), point) >= -SLACK
}

/** The centre of mass of an arc, by its length. */
export function arcMoment(a: Vector, b: Vector): Vector {
  const [sum, difference] = [plus(a, b), plus(a, times(b, -1))]
  const cos2 = dot(sum, sum)
  return cos2 === 0 ? [0, 0, 0] : times(sum, Math.sqrt(dot(difference, difference) / cos2))
}
