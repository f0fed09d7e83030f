/** Cells: S2, H3 and geohash. A text that names no cell gives null, or '' where a cell is wanted. */
import * as h3 from 'h3-js'
import { s2 } from 's2js'
import { type Line, type Place, pointText, polygonsText } from './geojson.js'
import { areaOf, contains, libraryPolygon, type Region } from './regions.js'
import { angle, arcsOf, EARTH_RADIUS, lengthOf, nearestOnArc, type Vector } from './sphere.js'

export const MOST_CELLS = 65_536

type CellId = bigint

function s2CellOf(token: string): CellId | null {
  if (!/^[0-9a-f]{1,16}$/.test(token)) return null
  const id = s2.cellid.fromToken(token)
  return s2.cellid.valid(id) && s2.cellid.toToken(id) === token ? id : null
}

export function s2CellAt([longitude, latitude]: Place, level: number): string {
  const leaf = s2.cellid.fromLatLng(s2.LatLng.fromDegrees(latitude, longitude))
  return s2.cellid.toToken(s2.cellid.parent(leaf, level))
}

function placeOf(point: unknown): Place {
  const { lat, lng } = s2.LatLng.fromPoint(point as s2.Point)
  return [(lng * 180) / Math.PI, (lat * 180) / Math.PI]
}

export function s2Center(token: string): string | null {
  const id = s2CellOf(token)
  return id === null ? null : pointText(placeOf(s2.cellid.point(id)))
}

function s2Ring(id: CellId): Line {
  const cell = s2.Cell.fromCellID(id)
  const corners = [0, 1, 2, 3].map((i) => placeOf(cell.vertex(i)))
  return [...corners, corners[0]!]
}

export function s2Polygon(token: string): string | null {
  const id = s2CellOf(token)
  return id === null ? null : polygonsText([[s2Ring(id)]])
}

export function s2Neighbors(token: string): string | null {
  const id = s2CellOf(token)
  return id === null ? null : JSON.stringify(s2.cellid.edgeNeighbors(id).map(s2.cellid.toToken))
}

/** The cells of a level that a region touches, or that are no further from it than so many metres; null if too many. */
export function s2Covering(
  region: s2.Polygon | s2.Polyline,
  edges: readonly Line[],
  holds: (at: Place) => boolean,
  level: number,
  metres: number,
): string | null {
  const coverer = new s2.RegionCoverer({ minLevel: level, maxLevel: level, maxCells: MOST_CELLS })
  const covering = coverer.covering(region as never) as unknown as CellId[]
  const cells = new Set<CellId>([...covering])
  if (cells.size > MOST_CELLS) return null
  if (metres > 0) {
    const reach = metres / EARTH_RADIUS
    const border = [...cells]
    while (border.length > 0) {
      for (const next of s2.cellid.allNeighbors(border.pop()!, level) as CellId[]) {
        if (cells.has(next) || distanceToCell(next, edges, holds) > reach) continue
        cells.add(next)
        border.push(next)
        if (cells.size > MOST_CELLS) return null
      }
    }
  }
  return JSON.stringify([...cells].map(s2.cellid.toToken))
}

/** Whether a level has far too many cells for an area, in square radians, and a border, in radians. */
function isTooFine(area: number, border: number, level: number): boolean {
  const size = (4 * Math.PI) / 6 / 4 ** level
  return area / size > MOST_CELLS * 2 || border / Math.sqrt(size) > MOST_CELLS * 2
}

function distanceToCell(id: CellId, edges: readonly Line[], holds: (at: Place) => boolean): number {
  const ring = s2Ring(id)
  if (ring.some(holds)) return 0
  let best = Number.POSITIVE_INFINITY
  const sides = arcsOf(ring)
  for (const [a, b] of edges.flatMap(arcsOf)) {
    for (const [c, d] of sides) {
      const pairs: [Vector, Vector, Vector][] = [
        [a, c, d],
        [b, c, d],
        [c, a, b],
        [d, a, b],
      ]
      for (const [point, from, to] of pairs)
        best = Math.min(best, angle(point, nearestOnArc(point, from, to)))
    }
  }
  return best
}

const borderOf = (lines: readonly Line[]) => lines.reduce((total, line) => total + lengthOf(line), 0)

export function polygonCovering(regions: readonly Region[], level: number, metres: number): string | null {
  const rings = regions.flatMap(({ polygon }) => polygon)
  if (isTooFine(areaOf(regions), borderOf(rings), level)) return null
  return s2Covering(libraryPolygon(regions), rings, (at) => contains(regions, at), level, metres)
}

export function lineCovering(lines: readonly Line[], level: number, metres: number): string | null {
  if (isTooFine(0, borderOf(lines), level)) return null
  const tokens = new Set<string>()
  for (const line of lines) {
    const points = line.map(([longitude, latitude]) =>
      s2.Point.fromLatLng(s2.LatLng.fromDegrees(latitude, longitude)),
    )
    const covering = s2Covering(new s2.Polyline(points as never), [line], () => false, level, metres)
    if (covering === null) return null
    for (const token of JSON.parse(covering) as string[]) tokens.add(token)
  }
  return tokens.size > MOST_CELLS ? null : JSON.stringify([...tokens])
}

export function h3CellAt([longitude, latitude]: Place, resolution: number): string {
  return h3.latLngToCell(latitude, longitude, resolution)
}

const isH3 = (cell: string) => /^[0-9a-f]{15,16}$/.test(cell) && h3.isValidCell(cell)

/** What a function makes of an H3 cell; null of a text that is none. */
export function withH3<T>(cell: string, compute: (cell: string) => T | null): T | null {
  return isH3(cell) ? compute(cell) : null
}

const swapped = ([latitude, longitude]: readonly [number, number]): Place => [longitude, latitude]

export const h3Center = (cell: string) => pointText(swapped(h3.cellToLatLng(cell)))

export function h3Polygon(cell: string): string {
  const ring = h3.cellToBoundary(cell).map(swapped)
  return polygonsText([[[...ring, ring[0]!]]])
}

export const h3Neighbors = (cell: string) =>
  JSON.stringify(h3.gridDisk(cell, 1).filter((neighbor) => neighbor !== cell))

/** Further down than so many resolutions there are too many. */
const DEEPEST = 5

export function h3Children(cell: string, resolution: number | null): string | null {
  const own = h3.getResolution(cell)
  const wanted = resolution ?? own + 1
  return wanted > own && wanted <= 15 && wanted - own <= DEEPEST
    ? JSON.stringify(h3.cellToChildren(cell, wanted))
    : null
}

export function h3Parent(cell: string, resolution: number | null): string | null {
  const own = h3.getResolution(cell)
  const wanted = resolution ?? own - 1
  return wanted >= 0 && wanted <= own ? h3.cellToParent(cell, wanted) : null
}

const MOST_RINGS = 142

export function h3Rings(cell: string, distance: number): string | null {
  if (distance < 0 || distance > MOST_RINGS) return null
  return JSON.stringify(h3.gridDiskDistances(cell, distance))
}

export const h3Level = (cell: string) => h3.getResolution(cell)

/** The cells whose centre is in a region. */
export function h3Covering(regions: readonly Region[], resolution: number): string | null {
  const size = h3.getHexagonAreaAvg(resolution, h3.UNITS.m2)
  if ((areaOf(regions) * EARTH_RADIUS ** 2) / size > MOST_CELLS * 2) return null
  const cells = new Set<string>()
  for (const { polygon } of regions) {
    for (const cell of h3.polygonToCells(polygon as unknown as number[][][], resolution, true)) {
      cells.add(cell)
      if (cells.size > MOST_CELLS) return null
    }
  }
  return JSON.stringify([...cells])
}

const GEOHASH = '0123456789bcdefghjkmnpqrstuvwxyz'

/** The cells around a geohash: those to the south-west, north-west, south-east, north, west, north-east, east, south. */
export function geohashNeighbors(hash: string): string | null {
  if (!/^[0-9b-hjkmnp-z]{1,18}$/.test(hash)) return null
  let [west, east, south, north] = [-180, 180, -90, 90]
  let isLongitude = true
  for (const character of hash) {
    const bits = GEOHASH.indexOf(character)
    for (let bit = 4; bit >= 0; bit--) {
      const upper = (bits >> bit) & 1
      if (isLongitude) {
        const middle = (west + east) / 2
        if (upper) west = middle
        else east = middle
      } else {
        const middle = (south + north) / 2
        if (upper) south = middle
        else north = middle
      }
      isLongitude = !isLongitude
    }
  }
  const [width, height] = [east - west, north - south]
  const moves = [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [0, 1],
    [-1, 0],
    [1, 1],
    [1, 0],
    [0, -1],
  ] as const
  const around = moves.flatMap(([dx, dy]) => {
    const latitude = (south + north) / 2 + dy * height
    if (Math.abs(latitude) > 90) return []
    const longitude = ((((west + east) / 2 + dx * width + 180) % 360) + 360) % 360
    return [geohash(longitude - 180, latitude, hash.length)]
  })
  return JSON.stringify([...new Set(around)].filter((cell) => cell !== hash))
}

function geohash(longitude: number, latitude: number, length: number): string {
  const [x, y]: [[number, number], [number, number]] = [
    [-180, 180],
    [-90, 90],
  ]
  let text = ''
  let isLongitude = true
  for (let i = 0; i < length; i++) {
    let bits = 0
    for (let bit = 0; bit < 5; bit++) {
      const [range, value] = isLongitude ? [x, longitude] : [y, latitude]
      const middle = (range[0] + range[1]) / 2
      bits = bits * 2 + (value >= middle ? 1 : 0)
      range[value >= middle ? 0 : 1] = middle
      isLongitude = !isLongitude
    }
    text += GEOHASH[bits]
  }
  return text
}
