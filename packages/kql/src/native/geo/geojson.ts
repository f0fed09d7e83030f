/**
 * GeoJSON as the reference takes it: lines and polygons whose edges are geodesics, checked. What is not valid is null.
 */

/** Longitude and latitude in degrees. */
export type Place = readonly [number, number]
export type Line = readonly Place[]
/** The first ring is the shell, the others are holes; the last place of each is its first. */
export type Polygon = readonly Line[]

export type Geometry =
  | { readonly type: 'Point'; readonly coordinates: Place }
  | { readonly type: 'MultiPoint'; readonly coordinates: readonly Place[] }
  | { readonly type: 'LineString'; readonly coordinates: Line }
  | { readonly type: 'MultiLineString'; readonly coordinates: readonly Line[] }
  | { readonly type: 'Polygon'; readonly coordinates: Polygon }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly Polygon[] }
  | { readonly type: 'GeometryCollection'; readonly geometries: readonly Geometry[] }

export function isPlace(longitude: unknown, latitude: unknown): boolean {
  return (
    typeof longitude === 'number' &&
    typeof latitude === 'number' &&
    Math.abs(longitude) <= 180 &&
    Math.abs(latitude) <= 90
  )
}

function placesOf(value: unknown): Place[] | null {
  if (!Array.isArray(value)) return null
  const places: Place[] = []
  for (const pair of value as unknown[]) {
    if (!Array.isArray(pair) || !isPlace(pair[0], pair[1])) return null
    places.push([pair[0] as number, pair[1] as number])
  }
  return places
}

const same = (a: Place, b: Place) => a[0] === b[0] && a[1] === b[1]

function lineOf(value: unknown): Line | null {
  const places = placesOf(value)
  if (!places || places.length < 2) return null
  return places.every((place) => same(place, places[0]!)) ? null : places
}

function ringOf(value: unknown): Line | null {
  const places = placesOf(value)
  if (!places || places.length < 4 || !same(places[0]!, places.at(-1)!)) return null
  const distinct = new Set(places.slice(1).map(String))
  return distinct.size === places.length - 1 ? places : null
}

function polygonOf(value: unknown): Polygon | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const rings = value.map(ringOf)
  return rings.includes(null) ? null : (rings as Line[])
}

interface Parsed {
  readonly type?: unknown
  readonly coordinates?: unknown
}

function parse(json: string | null): Parsed | null {
  if (json === null) return null
  const value = JSON.parse(json) as unknown
  return value !== null && typeof value === 'object' ? (value as Parsed) : null
}

function all<T>(value: unknown, read: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const items = value.map(read)
  return items.includes(null) ? null : (items as T[])
}

/** The lines of a LineString or MultiLineString. */
export function readLines(json: string | null): readonly Line[] | null {
  const value = parse(json)
  if (value?.type === 'LineString') {
    const line = lineOf(value.coordinates)
    return line && [line]
  }
  return value?.type === 'MultiLineString' ? all(value.coordinates, lineOf) : null
}

/** The polygons of a Polygon or MultiPolygon. */
export function readPolygons(json: string | null): readonly Polygon[] | null {
  const value = parse(json)
  if (value?.type === 'Polygon') {
    const polygon = polygonOf(value.coordinates)
    return polygon && [polygon]
  }
  return value?.type === 'MultiPolygon' ? all(value.coordinates, polygonOf) : null
}

export function pointText(place: Place): string {
  return JSON.stringify({ type: 'Point', coordinates: place })
}

export function linesText(lines: readonly Line[]): string {
  return lines.length === 1
    ? JSON.stringify({ type: 'LineString', coordinates: lines[0] })
    : JSON.stringify({ type: 'MultiLineString', coordinates: lines })
}

export function polygonsText(polygons: readonly Polygon[]): string {
  return polygons.length === 1
    ? JSON.stringify({ type: 'Polygon', coordinates: polygons[0] })
    : JSON.stringify({ type: 'MultiPolygon', coordinates: polygons })
}

export const NOTHING = JSON.stringify({ type: 'GeometryCollection', geometries: [] })

/** What is left of an intersection, in the simplest form that holds it. */
export function collectionText(points: readonly Place[], lines: readonly Line[]): string {
  if (lines.length === 0) {
    if (points.length === 0) return NOTHING
    return points.length === 1
      ? pointText(points[0]!)
      : JSON.stringify({ type: 'MultiPoint', coordinates: points })
  }
  if (points.length === 0) return linesText(lines)
  const geometries = [
    ...points.map((place) => JSON.parse(pointText(place)) as unknown),
    ...lines.map((line) => JSON.parse(linesText([line])) as unknown),
  ]
  return JSON.stringify({ type: 'GeometryCollection', geometries })
}
