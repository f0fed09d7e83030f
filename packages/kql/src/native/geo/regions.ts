/** Polygons on the sphere. Of the two regions that a ring divides it into, the smaller one is meant. */
import { s2 } from 's2js'
import type { Line, Place, Polygon } from './geojson.js'
import { arcsOf, crossing, type Vector } from './sphere.js'

export interface Region {
  readonly polygon: Polygon
  readonly shell: s2.Loop
  readonly holes: readonly s2.Loop[]
}

function pointOf([longitude, latitude]: Place): s2.Point {
  return s2.Point.fromLatLng(s2.LatLng.fromDegrees(latitude, longitude))
}

function loopOf(ring: Line): s2.Loop {
  const loop = new s2.Loop(ring.slice(0, -1).map(pointOf))
  loop.normalize()
  return loop
}

/** The regions of polygons that are valid: no ring crosses itself or another. */
export function regionsOf(polygons: readonly Polygon[]): readonly Region[] | null {
  if (polygons.some(crossesItself)) return null
  return polygons.map((polygon) => {
    const [shell, ...holes] = polygon.map(loopOf)
    return { polygon, shell: shell!, holes }
  })
}

const MOST_EDGES_CHECKED = 2_000

function crossesItself(polygon: Polygon): boolean {
  const arcs = polygon.flatMap((ring, r) => arcsOf(ring).map((arc) => ({ arc, r })))
  if (arcs.length > MOST_EDGES_CHECKED) return false
  return arcs.some(({ arc: [a, b], r }, i) =>
    arcs.slice(i + 1).some(({ arc: [c, d], r: other }) => {
      const touches = [a, b].some((end) => [c, d].some((far) => isSame(end, far)))
      return !touches && (r === other || !touches) && crossing(a, b, c, d) !== null
    }),
  )
}

const isSame = (a: Vector, b: Vector) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2]

export function contains(regions: readonly Region[], at: Place): boolean {
  const point = pointOf(at)
  return regions.some(
    ({ shell, holes }) => shell.containsPoint(point) && !holes.some((hole) => hole.containsPoint(point)),
  )
}

/** Square radians. */
export function areaOf(regions: readonly Region[]): number {
  const area = (loop: s2.Loop) => loop.area()
  return regions.reduce(
    (total, { shell, holes }) => total + area(shell) - holes.reduce((sum, hole) => sum + area(hole), 0),
    0,
  )
}

/** The centre of mass. */
export function centroidOf(regions: readonly Region[]): Vector {
  const sum = [0, 0, 0]
  const add = (loop: s2.Loop, sign: number) => {
    const { x, y, z } = loop.centroid() as unknown as { x: number; y: number; z: number }
    sum[0]! += sign * x
    sum[1]! += sign * y
    sum[2]! += sign * z
  }
  for (const { shell, holes } of regions) {
    add(shell, 1)
    for (const hole of holes) add(hole, -1)
  }
  return sum as unknown as Vector
}

/** As one polygon of the library, whose cells are looked for. It keeps its loops, so they are made anew. */
export function libraryPolygon(regions: readonly Region[]): s2.Polygon {
  const loops = regions.flatMap(({ polygon: [shell, ...holes] }) => [
    loopOf(shell!),
    ...holes.map((ring) => {
      const hole = loopOf(ring)
      hole.invert()
      return hole
    }),
  ])
  return s2.Polygon.fromOrientedLoops(loops)
}
