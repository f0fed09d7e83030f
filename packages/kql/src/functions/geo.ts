/**
 * Places on Earth: longitudes and latitudes in degrees, distances in metres on the sphere that Kusto takes Earth for.
 * Coordinates out of range give null.
 */
import type { ScalarFunctionTable, Sql } from './function.js'
import { bind, filter, map } from './sql.js'

/** Metres. */
const EARTH_RADIUS = 6_371_010

const isPlace = (longitude: string, latitude: string): string =>
  `(${longitude} BETWEEN -180 AND 180 AND ${latitude} BETWEEN -90 AND 90)`

/** The great-circle distance, by the haversine formula. */
function distance(a: readonly [string, string], b: readonly [string, string]): string {
  const [x, y] = a
  const [u, v] = b
  const squared = (difference: string) => `pow(sin(radians(${difference}) / 2), 2)`
  const haversine = `${squared(`${v} - ${y}`)} + cos(radians(${y})) * cos(radians(${v})) * ${squared(`${u} - ${x}`)}`
  return `${2 * EARTH_RADIUS} * asin(sqrt(least(1, ${haversine})))`
}

/** Clockwise from north, 0 <= azimuth < 2 pi; null where the two places are one. */
function azimuth([x, y, u, v]: readonly Sql[]): string {
  return bind({ x, y, u, v }, (lon1, lat1, lon2, lat2) => {
    const turn = `radians(${lon2} - ${lon1})`
    const [from, to] = [`radians(${lat1})`, `radians(${lat2})`]
    const angle = `atan2(sin(${turn}) * cos(${to}), cos(${from}) * sin(${to}) - sin(${from}) * cos(${to}) * cos(${turn}))`
    return (
      `CASE WHEN ${isPlace(lon1, lat1)} AND ${isPlace(lon2, lat2)} AND NOT (${lon1} = ${lon2} AND ${lat1} = ${lat2}) ` +
      `THEN CASE WHEN ${angle} < 0 THEN ${angle} + 2 * pi() ELSE ${angle} END END`
    )
  })
}

/** The lines of a GeoJSON LineString or MultiLineString, each a list of places; null if it is neither. */
function linesOf(line: Sql): string {
  return bind(
    { line: line.bare },
    (l) =>
      `CASE json_extract_string(${l}, '$.type') WHEN 'LineString' THEN [TRY_CAST(json_extract(${l}, '$.coordinates') AS DOUBLE[][])] ` +
      `WHEN 'MultiLineString' THEN TRY_CAST(json_extract(${l}, '$.coordinates') AS DOUBLE[][][]) END`,
  )
}

function lineLength([line]: readonly Sql[]): string {
  return bind({ lines: linesOf(line!) }, (lines) => {
    const badPlaces = filter(
      `flatten(${lines})`,
      'place',
      (p) => `coalesce(NOT ${isPlace(`${p}[1]`, `${p}[2]`)}, true)`,
    )
    const shortLines = filter(lines, 'line', (l) => `coalesce(len(list_distinct(${l})), 0) < 2`)
    const lengths = map(lines, 'line', (l) => {
      const end = (i: string): readonly [string, string] => [`${l}[${i}][1]`, `${l}[${i}][2]`]
      return `list_sum(${map(`range(2, len(${l}) + 1)`, 'i', (i) => distance(end(`${i} - 1`), end(i)))})`
    })
    return `CASE WHEN len(${lines}) > 0 AND len(${shortLines}) = 0 AND len(${badPlaces}) = 0 THEN list_sum(${lengths}) END`
  })
}

const GEOHASH_DIGITS = '0123456789bcdefghjkmnpqrstuvwxyz'

/** The cell number of a coordinate among 2^bits between -limit and limit. */
const cell = (value: string, limit: number, bits: string): string =>
  `least(floor((${value} + ${limit}) / ${2 * limit} * (1::BIGINT << ${bits})), (1::BIGINT << ${bits}) - 1)::BIGINT`

/** Bits of longitude and latitude by turns, five to a digit. */
function toGeohash([longitude, latitude, accuracy]: readonly Sql[]): string {
  return bind(
    {
      x: longitude,
      y: latitude,
      n: accuracy ? `CASE WHEN ${accuracy} BETWEEN 1 AND 18 THEN ${accuracy}::INTEGER END` : 5,
    },
    (x, y, n) =>
      bind({ across: `(5 * ${n} + 1) // 2`, up: `5 * ${n} // 2` }, (across, up) => {
        const isValid = `${isPlace(x, y)} AND ${n} IS NOT NULL`
        return bind(
          { cells: `CASE WHEN ${isValid} THEN {'x': ${cell(x, 180, across)}, 'y': ${cell(y, 90, up)}} END` },
          (c) => {
            const bit = (b: string) =>
              `CASE WHEN (${b}) % 2 = 0 THEN (${c}.x >> (${across} - 1 - (${b}) // 2)) & 1 ELSE (${c}.y >> (${up} - 1 - (${b}) // 2)) & 1 END`
            const digit = (j: string) =>
              `list_sum(${map('range(5)', 'k', (k) => `(${bit(`5 * ${j} + ${k}`)}) << (4 - ${k})::INTEGER`)})`
            const text = map(
              `range(${n})`,
              'j',
              (j) => `substr('${GEOHASH_DIGITS}', 1 + ${digit(j)}::BIGINT, 1)`,
            )
            return `CASE WHEN ${c} IS NOT NULL THEN array_to_string(${text}, '') END`
          },
        )
      }),
  )
}

/** The four sides of the cell of a geohash; null if the text is none. */
function fromGeohash(
  text: Sql,
  body: (sides: Record<'west' | 'east' | 'south' | 'north', string>) => string,
): string {
  const digits = `CASE WHEN regexp_full_match(${text}, '[${GEOHASH_DIGITS}]{1,18}') THEN string_split(${text}, '') END`
  const values = map(digits, 'digit', (d) => `strpos('${GEOHASH_DIGITS}', ${d}) - 1`)
  const bits = `flatten(${map(values, 'value', (v) => `[(${v} >> 4) & 1, (${v} >> 3) & 1, (${v} >> 2) & 1, (${v} >> 1) & 1, ${v} & 1]`)})`
  const number = (list: string) => `list_reduce(${list}, lambda "$a", "$b": "$a" * 2 + "$b")`
  return bind({ bits }, (b) =>
    bind(
      {
        x: `list_filter(${b}, lambda "$bit", "$i": "$i" % 2 = 1)`,
        y: `list_filter(${b}, lambda "$bit", "$i": "$i" % 2 = 0)`,
      },
      (x, y) =>
        bind(
          {
            x: number(x),
            y: number(y),
            width: `360 / (1::BIGINT << len(${x}))::DOUBLE`,
            height: `180 / (1::BIGINT << len(${y}))::DOUBLE`,
          },
          (column, row, width, height) =>
            `CASE WHEN ${column} IS NOT NULL THEN ${body({
              west: `(${column} * ${width} - 180)`,
              east: `((${column} + 1) * ${width} - 180)`,
              south: `(${row} * ${height} - 90)`,
              north: `((${row} + 1) * ${height} - 90)`,
            })} END`,
        ),
    ),
  )
}

export const geoFunctions: ScalarFunctionTable = {
  geo_azimuth: {
    doc: 'geo-azimuth-function',
    parameters: ['real', 'real', 'real', 'real'],
    returns: 'real',
    nullable: 'always',
    duckdb: azimuth,
  },
  geo_distance_2points: {
    doc: 'geo-distance-2points-function',
    parameters: ['real', 'real', 'real', 'real'],
    returns: 'real',
    nullable: 'always',
    duckdb: ([x, y, u, v]) =>
      bind(
        { x, y, u, v },
        (lon1, lat1, lon2, lat2) =>
          `CASE WHEN ${isPlace(lon1, lat1)} AND ${isPlace(lon2, lat2)} THEN ${distance([lon1, lat1], [lon2, lat2])} END`,
      ),
  },
  geo_point_in_circle: {
    doc: 'geo-point-in-circle-function',
    parameters: ['real', 'real', 'real', 'real', 'real'],
    returns: 'bool',
    nullable: 'always',
    duckdb: ([x, y, u, v, radius]) =>
      bind(
        { x, y, u, v, r: radius },
        (lon, lat, lon0, lat0, r) =>
          `CASE WHEN ${isPlace(lon, lat)} AND ${isPlace(lon0, lat0)} AND ${r} >= 0 THEN ${distance([lon, lat], [lon0, lat0])} <= ${r} END`,
      ),
  },
  geo_line_length: {
    doc: 'geo-line-length-function',
    parameters: ['dynamic'],
    returns: 'real',
    nullable: 'always',
    duckdb: lineLength,
  },
  geo_point_to_geohash: {
    doc: 'geo-point-to-geohash-function',
    parameters: ['real', 'real', 'int'],
    returns: 'string',
    nullable: 'always',
    duckdb: toGeohash,
  },
  geo_geohash_to_central_point: {
    doc: 'geo-geohash-to-central-point-function',
    parameters: ['string'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([text]) =>
      fromGeohash(
        text!,
        ({ west, east, south, north }) =>
          `json_object('type', 'Point', 'coordinates', [(${west} + ${east}) / 2, (${south} + ${north}) / 2])`,
      ),
  },
  geo_geohash_to_polygon: {
    doc: 'geo-geohash-to-polygon-function',
    parameters: ['string'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([text]) =>
      fromGeohash(text!, ({ west, east, south, north }) => {
        const corners = [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ]
        return `json_object('type', 'Polygon', 'coordinates', [[${corners.map((corner) => `[${corner.join(', ')}]`).join(', ')}]])`
      }),
  },
}
