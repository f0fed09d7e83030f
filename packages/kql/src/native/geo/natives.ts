/** The geospatial functions. What is invalid gives null; distances are in metres, angles in radians. */
import { type NativeFunction, native, strict } from '../native.js'
import { circle, lineBuffer, polygonBuffer } from './buffers.js'
import {
  geohashNeighbors,
  h3CellAt,
  h3Center,
  h3Children,
  h3Covering,
  h3Level,
  h3Neighbors,
  h3Parent,
  h3Polygon,
  h3Rings,
  lineCovering,
  polygonCovering,
  s2CellAt,
  s2Center,
  s2Neighbors,
  s2Polygon,
  withH3,
} from './cells.js'
import {
  collectionText,
  isPlace,
  type Line,
  linesText,
  NOTHING,
  type Place,
  type Polygon,
  pointText,
  polygonsText,
  readLines,
  readPolygons,
} from './geojson.js'
import { commonOf, densified, joined, meet, simplified } from './lines.js'
import { combine } from './planes.js'
import { areaOf, centroidOf, contains, type Region, regionsOf } from './regions.js'
import {
  angle,
  arcMoment,
  arcsOf,
  between,
  cross,
  crossing,
  dot,
  EARTH_RADIUS,
  lengthOf,
  nearestOn,
  place,
  plus,
  unit,
  type Vector,
  vector,
} from './sphere.js'
import { fromWkt } from './wkt.js'

const DEFAULT_LEVEL = 11
const DEFAULT_RESOLUTION = 6
const DEFAULT_TOLERANCE = 10
const DEFAULT_BUFFER_TOLERANCE = 0.1
const LEAST_TOLERANCE = 0.1
const KEPT = 64

/** A query asks about one polygon again and again. */
const known = new Map<string, readonly Region[] | null>()

function polygons(json: string | null): readonly Region[] | null {
  if (json === null) return null
  const found = known.get(json)
  if (found !== undefined) return found
  const read = readPolygons(json)
  const regions = read && regionsOf(read)
  known.set(json, regions)
  if (known.size > KEPT) known.delete(known.keys().next().value!)
  return regions
}

const ringsOf = (regions: readonly Region[]): Line[] => regions.flatMap(({ polygon }) => polygon)

function placeAt(longitude: number | null, latitude: number | null): Place | null {
  return isPlace(longitude, latitude) ? [longitude!, latitude!] : null
}

/** The polygons of an array, null if one of them is invalid. */
function polygonsOfArray(json: string): Polygon[][] | null {
  const items = JSON.parse(json) as unknown
  if (!Array.isArray(items) || items.length === 0) return null
  const lists = items.map((item) => polygons(JSON.stringify(item)))
  return lists.includes(null)
    ? null
    : (lists as (readonly Region[])[]).map((regions) => regions.map(({ polygon }) => polygon))
}

const resultText = (result: readonly Polygon[] | null) =>
  result === null ? null : result.length === 0 ? NOTHING : polygonsText(result)

function clip(lines: readonly Line[], regions: readonly Region[]): { points: Place[]; lines: Line[] } {
  const edges = ringsOf(regions).flatMap(arcsOf)
  const inside: Line[] = []
  const points: Place[] = []
  for (const [a, b] of lines.flatMap(arcsOf)) {
    const cuts = edges.flatMap(([c, d]) => {
      const cut = crossing(a, b, c, d)
      return cut ? [angle(a, cut) / angle(a, b)] : []
    })
    const stops = [...new Set([0, ...cuts, 1])].sort((x, y) => x - y)
    stops.slice(1).forEach((to, i) => {
      const from = stops[i]!
      if (to - from < 1e-14 || !contains(regions, place(between(a, b, (from + to) / 2)))) return
      inside.push([place(between(a, b, from)), place(between(a, b, to))])
    })
  }
  if (inside.length === 0) points.push(...commonOf(lines, ringsOf(regions)).points)
  return { points, lines: joined(inside) }
}

/** Clockwise from the line p2 p1 to the line p2 p3. */
function clockwiseAngle(p1: Place, p2: Place, p3: Place): number | null {
  const [a, b, c] = [p1, p2, p3].map(vector) as [Vector, Vector, Vector]
  const isDegenerate = (u: Vector, v: Vector) => angle(u, v) === 0 || Math.PI - angle(u, v) < 1e-12
  if (isDegenerate(a, b) || isDegenerate(b, c)) return null
  const [first, second] = [cross(b, a), cross(b, c)]
  const turn = angle(first, second)
  const isClockwise = dot(cross(first, second), b) < 0
  return isClockwise ? turn : turn === 0 ? 0 : 2 * Math.PI - turn
}

function simplifiedPolygon(polygon: Polygon, tolerance: number): Polygon | null {
  const rings = polygon.map((ring) => {
    // From the place that is farthest from the first, so that no side is taken for a point.
    const start = vector(ring[0]!)
    const far = ring.reduce(
      (best, at, i) => (angle(vector(at), start) > angle(vector(ring[best]!), start) ? i : best),
      0,
    )
    const half = [simplified(ring.slice(0, far + 1), tolerance), simplified(ring.slice(far), tolerance)]
    return [...half[0]!, ...half[1]!.slice(1)]
  })
  const [shell, ...holes] = rings
  return shell!.length < 4 ? null : [shell!, ...holes.filter((hole) => hole.length >= 4)]
}

function simplifiedPolygons(list: readonly Polygon[], tolerance: number): readonly Polygon[] | null {
  if (!(tolerance > 0)) return null
  const simple = list
    .map((polygon) => simplifiedPolygon(polygon, tolerance))
    .filter((polygon) => polygon !== null)
  return simple.length === 0 ? null : simple
}

const cellLevel = (level: bigint | null, most: number, otherwise?: number): number | null => {
  const value = level === null ? otherwise : Number(level)
  return value !== undefined && value >= 0 && value <= most ? value : null
}

export const geoNatives: readonly NativeFunction[] = [
  strict('kql_geo_from_wkt', ['text'], 'json', fromWkt),
  strict('kql_geo_angle', ['real', 'real', 'real', 'real', 'real', 'real'], 'real', (a, b, c, d, e, f) => {
    const [p1, p2, p3] = [placeAt(a, b), placeAt(c, d), placeAt(e, f)]
    return p1 && p2 && p3 && clockwiseAngle(p1, p2, p3)
  }),
  strict('kql_geo_distance_to_line', ['real', 'real', 'json'], 'real', (longitude, latitude, json) => {
    const [at, lines] = [placeAt(longitude, latitude), readLines(json)]
    return at && lines && nearestOn(vector(at), lines).angle * EARTH_RADIUS
  }),
  strict('kql_geo_closest_on_line', ['real', 'real', 'json'], 'json', (longitude, latitude, json) => {
    const [at, lines] = [placeAt(longitude, latitude), readLines(json)]
    return at && lines && pointText(place(nearestOn(vector(at), lines).point))
  }),
  strict('kql_geo_distance_to_polygon', ['real', 'real', 'json'], 'real', (longitude, latitude, json) => {
    const [at, regions] = [placeAt(longitude, latitude), polygons(json)]
    if (!at || !regions) return null
    return contains(regions, at) ? 0 : nearestOn(vector(at), ringsOf(regions)).angle * EARTH_RADIUS
  }),
  strict('kql_geo_closest_on_polygon', ['real', 'real', 'json'], 'json', (longitude, latitude, json) => {
    const [at, regions] = [placeAt(longitude, latitude), polygons(json)]
    if (!at || !regions) return null
    return pointText(contains(regions, at) ? at : place(nearestOn(vector(at), ringsOf(regions)).point))
  }),
  strict('kql_geo_in_polygon', ['real', 'real', 'json'], 'bool', (longitude, latitude, json) => {
    const [at, regions] = [placeAt(longitude, latitude), polygons(json)]
    return at && regions && contains(regions, at)
  }),
  strict('kql_geo_intersects_lines', ['json', 'json'], 'bool', (one, other) => {
    const [a, b] = [readLines(one), readLines(other)]
    return a && b && meet(a, b)
  }),
  strict('kql_geo_intersects_line_polygon', ['json', 'json'], 'bool', (line, polygon) => {
    const [lines, regions] = [readLines(line), polygons(polygon)]
    if (!lines || !regions) return null
    return lines.flat().some((at) => contains(regions, at)) || meet(lines, ringsOf(regions))
  }),
  strict('kql_geo_intersects_polygons', ['json', 'json'], 'bool', (one, other) => {
    const [a, b] = [polygons(one), polygons(other)]
    if (!a || !b) return null
    return (
      ringsOf(a).some((ring) => ring.some((at) => contains(b, at))) ||
      ringsOf(b).some((ring) => ring.some((at) => contains(a, at))) ||
      meet(ringsOf(a), ringsOf(b))
    )
  }),
  strict('kql_geo_intersection_lines', ['json', 'json'], 'json', (one, other) => {
    const [a, b] = [readLines(one), readLines(other)]
    if (!a || !b) return null
    const { points, lines } = commonOf(a, b)
    return collectionText(points, lines)
  }),
  strict('kql_geo_intersection_line_polygon', ['json', 'json'], 'json', (line, polygon) => {
    const [lines, regions] = [readLines(line), polygons(polygon)]
    if (!lines || !regions) return null
    const clipped = clip(lines, regions)
    return collectionText(clipped.points, clipped.lines)
  }),
  strict('kql_geo_intersection_polygons', ['json', 'json'], 'json', (one, other) => {
    const [a, b] = [polygons(one), polygons(other)]
    if (!a || !b) return null
    const parts = [a, b].map((regions) => regions.map(({ polygon }) => polygon))
    const common = combine('intersection', parts)
    if (common?.length !== 0) return resultText(common)
    const touching = commonOf(ringsOf(a), ringsOf(b))
    return collectionText(touching.points, touching.lines)
  }),
  strict('kql_geo_union_polygons', ['json'], 'json', (json) => {
    const lists = polygonsOfArray(json)
    return lists && resultText(combine('union', lists))
  }),
  strict('kql_geo_union_lines', ['json'], 'json', (json) => {
    const items = JSON.parse(json) as unknown
    if (!Array.isArray(items) || items.length === 0) return null
    const lists = items.map((item) => readLines(JSON.stringify(item)))
    return lists.includes(null) ? null : linesText(joined((lists as Line[][]).flat()))
  }),
  native('kql_geo_simplify_array', ['json', 'real'], 'json', (json, tolerance) => {
    const lists = json === null ? null : polygonsOfArray(json)
    return lists && resultText(simplifiedPolygons(lists.flat(), tolerance ?? DEFAULT_TOLERANCE))
  }),
  native('kql_geo_polygon_simplify', ['json', 'real'], 'json', (json, tolerance) => {
    const regions = polygons(json)
    return (
      regions &&
      resultText(
        simplifiedPolygons(
          regions.map(({ polygon }) => polygon),
          tolerance ?? DEFAULT_TOLERANCE,
        ),
      )
    )
  }),
  native('kql_geo_polygon_densify', ['json', 'real'], 'json', (json, tolerance) => {
    const regions = polygons(json)
    const within = tolerance ?? DEFAULT_TOLERANCE
    if (!regions || !(within >= LEAST_TOLERANCE)) return null
    return polygonsText(regions.map(({ polygon }) => polygon.map((ring) => densified(ring, within))))
  }),
  strict('kql_geo_polygon_area', ['json'], 'real', (json) => {
    const regions = polygons(json)
    return regions && areaOf(regions) * EARTH_RADIUS ** 2
  }),
  strict('kql_geo_polygon_perimeter', ['json'], 'real', (json) => {
    const regions = polygons(json)
    return regions && ringsOf(regions).reduce((total, ring) => total + lengthOf(ring), 0) * EARTH_RADIUS
  }),
  strict('kql_geo_polygon_centroid', ['json'], 'json', (json) => {
    const regions = polygons(json)
    return regions && pointText(place(unit(centroidOf(regions))))
  }),
  native('kql_geo_polygon_buffer', ['json', 'real', 'real'], 'json', (json, radius, tolerance) => {
    const regions = polygons(json)
    if (!regions || radius === null || !(radius > 0)) return null
    const list = regions.map(({ polygon }) => polygon)
    return resultText(polygonBuffer(list, radius, tolerance ?? DEFAULT_BUFFER_TOLERANCE))
  }),
  native('kql_geo_line_buffer', ['json', 'real', 'real'], 'json', (json, radius, tolerance) => {
    const lines = readLines(json)
    if (!lines || radius === null || !(radius > 0)) return null
    return resultText(lineBuffer(lines, radius, tolerance ?? DEFAULT_BUFFER_TOLERANCE))
  }),
  native(
    'kql_geo_point_buffer',
    ['real', 'real', 'real', 'real'],
    'json',
    (longitude, latitude, radius, tolerance) => {
      const at = placeAt(longitude, latitude)
      if (!at || radius === null || !(radius > 0)) return null
      return polygonsText([circle(at, radius, tolerance ?? DEFAULT_BUFFER_TOLERANCE)])
    },
  ),
  native('kql_geo_line_simplify', ['json', 'real'], 'json', (json, tolerance) => {
    const lines = readLines(json)
    const within = tolerance ?? DEFAULT_TOLERANCE
    if (!lines || !(within > 0)) return null
    const simple = lines
      .map((line) => simplified(line, within))
      .filter((line) => line.length > 2 || lengthOf(line) * EARTH_RADIUS > within)
    return simple.length === 0 ? null : linesText(simple)
  }),
  native('kql_geo_line_densify', ['json', 'real'], 'json', (json, tolerance) => {
    const lines = readLines(json)
    const within = tolerance ?? DEFAULT_TOLERANCE
    return lines && within >= LEAST_TOLERANCE ? linesText(lines.map((line) => densified(line, within))) : null
  }),
  strict('kql_geo_line_centroid', ['json'], 'json', (json) => {
    const lines = readLines(json)
    const moments = lines?.flatMap(arcsOf).map(([a, b]) => arcMoment(a, b))
    return moments ? pointText(place(unit(moments.reduce(plus, [0, 0, 0])))) : null
  }),
  strict('kql_geo_line_at', ['json', 'real'], 'json', (json, fraction) => {
    const lines = readLines(json)
    if (lines?.length !== 1 || !(fraction >= 0 && fraction <= 1)) return null
    const [line] = lines
    let left = lengthOf(line!) * fraction
    for (const [a, b] of arcsOf(line!)) {
      const length = angle(a, b)
      if (left <= length) return pointText(place(between(a, b, length === 0 ? 0 : left / length)))
      left -= length
    }
    return pointText(line!.at(-1)!)
  }),
  strict('kql_geo_line_locate', ['json', 'real', 'real'], 'real', (json, longitude, latitude) => {
    const [at, lines] = [placeAt(longitude, latitude), readLines(json)]
    if (!at || lines?.length !== 1) return null
    const [line] = lines
    const point = vector(at)
    let best = { distance: Number.POSITIVE_INFINITY, along: 0 }
    let before = 0
    for (const [a, b] of arcsOf(line!)) {
      const nearest = nearestOn(point, [[place(a), place(b)]])
      if (nearest.angle < best.distance)
        best = { distance: nearest.angle, along: before + angle(a, nearest.point) }
      before += angle(a, b)
    }
    return best.along / before
  }),
  native('kql_geo_line_s2', ['json', 'long', 'real'], 'json', (json, level, radius) => {
    const [lines, wanted] = [readLines(json), cellLevel(level, 30, DEFAULT_LEVEL)]
    return lines && wanted !== null ? lineCovering(lines, wanted, radius ?? 0) : null
  }),
  native('kql_geo_polygon_s2', ['json', 'long', 'real'], 'json', (json, level, radius) => {
    const [regions, wanted] = [polygons(json), cellLevel(level, 30, DEFAULT_LEVEL)]
    return regions && wanted !== null ? polygonCovering(regions, wanted, radius ?? 0) : null
  }),
  native('kql_geo_polygon_h3', ['json', 'long'], 'json', (json, resolution) => {
    const [regions, wanted] = [polygons(json), cellLevel(resolution, 15, DEFAULT_RESOLUTION)]
    return regions && wanted !== null ? h3Covering(regions, wanted) : null
  }),
  native('kql_geo_s2', ['real', 'real', 'long'], 'text', (longitude, latitude, level) => {
    const [at, wanted] = [placeAt(longitude, latitude), cellLevel(level, 30)]
    return at && wanted !== null ? s2CellAt(at, wanted) : null
  }),
  strict('kql_geo_s2_center', ['text'], 'json', s2Center),
  strict('kql_geo_s2_polygon', ['text'], 'json', s2Polygon),
  strict('kql_geo_s2_neighbors', ['text'], 'json', s2Neighbors),
  native('kql_geo_h3', ['real', 'real', 'long'], 'text', (longitude, latitude, resolution) => {
    const [at, wanted] = [placeAt(longitude, latitude), cellLevel(resolution, 15)]
    return at && wanted !== null ? h3CellAt(at, wanted) : null
  }),
  strict('kql_geo_h3_center', ['text'], 'json', (cell) => withH3(cell, h3Center)),
  strict('kql_geo_h3_polygon', ['text'], 'json', (cell) => withH3(cell, h3Polygon)),
  strict('kql_geo_h3_neighbors', ['text'], 'json', (cell) => withH3(cell, h3Neighbors)),
  native('kql_geo_h3_children', ['text', 'long'], 'json', (cell, resolution) =>
    cell === null
      ? null
      : withH3(cell, (own) => h3Children(own, resolution === null ? null : Number(resolution))),
  ),
  native('kql_geo_h3_parent', ['text', 'long'], 'text', (cell, resolution) =>
    cell === null
      ? null
      : withH3(cell, (own) => h3Parent(own, resolution === null ? null : Number(resolution))),
  ),
  strict('kql_geo_h3_rings', ['text', 'long'], 'json', (cell, distance) =>
    withH3(cell, (own) => h3Rings(own, Number(distance))),
  ),
  strict('kql_geo_h3_level', ['text'], 'long', (cell) => {
    const level = withH3(cell, h3Level)
    return level === null ? null : BigInt(level)
  }),
  strict('kql_geohash_neighbors', ['text'], 'json', geohashNeighbors),
]
