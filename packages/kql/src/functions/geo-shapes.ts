/** Lines, polygons and cells on Earth, in GeoJSON; computed by native functions (`native/geo`). */
import type { KqlType } from '../values.js'
import type { ParameterType, ScalarFunction, ScalarFunctionTable } from './function.js'

/** A call of a native function; what the query leaves out is null there. */
function shape(
  name: string,
  native: string,
  parameters: readonly ParameterType[],
  returns: KqlType,
): ScalarFunction {
  return {
    doc: `${name.replaceAll('_', '-')}-function`,
    parameters,
    returns,
    nullable: 'always',
    duckdb: (args, { refuse }) => {
      const spheroid = args[parameters.length]
      if (spheroid && spheroid.constant !== false)
        return refuse(`${name}() measures on a sphere here; on a spheroid it`)
      const given = parameters.map((_, i) => args[i]?.bare ?? 'NULL')
      const call = `${native}(${given.join(', ')})`
      return returns === 'int' ? `${call}::INTEGER` : call
    },
  }
}

type Row = readonly [native: string, parameters: readonly ParameterType[], returns: KqlType]

const SHAPES: Readonly<Record<string, Row>> = {
  geo_from_wkt: ['kql_geo_from_wkt', ['string'], 'dynamic'],
  geo_angle: ['kql_geo_angle', ['real', 'real', 'real', 'real', 'real', 'real'], 'real'],
  geo_closest_point_on_line: ['kql_geo_closest_on_line', ['real', 'real', 'dynamic'], 'dynamic'],
  geo_closest_point_on_polygon: ['kql_geo_closest_on_polygon', ['real', 'real', 'dynamic'], 'dynamic'],
  geo_distance_point_to_line: ['kql_geo_distance_to_line', ['real', 'real', 'dynamic'], 'real'],
  geo_distance_point_to_polygon: ['kql_geo_distance_to_polygon', ['real', 'real', 'dynamic'], 'real'],
  geo_point_in_polygon: ['kql_geo_in_polygon', ['real', 'real', 'dynamic'], 'bool'],
  geo_point_buffer: ['kql_geo_point_buffer', ['real', 'real', 'real', 'real'], 'dynamic'],
  geo_intersects_2lines: ['kql_geo_intersects_lines', ['dynamic', 'dynamic'], 'bool'],
  geo_intersects_line_with_polygon: ['kql_geo_intersects_line_polygon', ['dynamic', 'dynamic'], 'bool'],
  geo_intersects_2polygons: ['kql_geo_intersects_polygons', ['dynamic', 'dynamic'], 'bool'],
  geo_intersection_2lines: ['kql_geo_intersection_lines', ['dynamic', 'dynamic'], 'dynamic'],
  geo_intersection_line_with_polygon: [
    'kql_geo_intersection_line_polygon',
    ['dynamic', 'dynamic'],
    'dynamic',
  ],
  geo_intersection_2polygons: ['kql_geo_intersection_polygons', ['dynamic', 'dynamic'], 'dynamic'],
  geo_union_polygons_array: ['kql_geo_union_polygons', ['dynamic'], 'dynamic'],
  geo_union_lines_array: ['kql_geo_union_lines', ['dynamic'], 'dynamic'],
  geo_simplify_polygons_array: ['kql_geo_simplify_array', ['dynamic', 'real'], 'dynamic'],
  geo_polygon_simplify: ['kql_geo_polygon_simplify', ['dynamic', 'real'], 'dynamic'],
  geo_polygon_area: ['kql_geo_polygon_area', ['dynamic'], 'real'],
  geo_polygon_perimeter: ['kql_geo_polygon_perimeter', ['dynamic'], 'real'],
  geo_polygon_centroid: ['kql_geo_polygon_centroid', ['dynamic'], 'dynamic'],
  geo_polygon_buffer: ['kql_geo_polygon_buffer', ['dynamic', 'real', 'real'], 'dynamic'],
  geo_polygon_to_s2cells: ['kql_geo_polygon_s2', ['dynamic', 'long', 'real'], 'dynamic'],
  geo_polygon_to_h3cells: ['kql_geo_polygon_h3', ['dynamic', 'long'], 'dynamic'],
  geo_line_simplify: ['kql_geo_line_simplify', ['dynamic', 'real'], 'dynamic'],
  geo_line_centroid: ['kql_geo_line_centroid', ['dynamic'], 'dynamic'],
  geo_line_buffer: ['kql_geo_line_buffer', ['dynamic', 'real', 'real'], 'dynamic'],
  geo_line_interpolate_point: ['kql_geo_line_at', ['dynamic', 'real'], 'dynamic'],
  geo_line_locate_point: ['kql_geo_line_locate', ['dynamic', 'real', 'real'], 'real'],
  geo_line_to_s2cells: ['kql_geo_line_s2', ['dynamic', 'long', 'real'], 'dynamic'],
  geo_s2cell_to_central_point: ['kql_geo_s2_center', ['string'], 'dynamic'],
  geo_s2cell_to_polygon: ['kql_geo_s2_polygon', ['string'], 'dynamic'],
  geo_s2cell_neighbors: ['kql_geo_s2_neighbors', ['string'], 'dynamic'],
  geo_point_to_h3cell: ['kql_geo_h3', ['real', 'real', 'long'], 'string'],
  geo_h3cell_to_central_point: ['kql_geo_h3_center', ['string'], 'dynamic'],
  geo_h3cell_to_polygon: ['kql_geo_h3_polygon', ['string'], 'dynamic'],
  geo_h3cell_neighbors: ['kql_geo_h3_neighbors', ['string'], 'dynamic'],
  geo_h3cell_children: ['kql_geo_h3_children', ['string', 'long'], 'dynamic'],
  geo_h3cell_parent: ['kql_geo_h3_parent', ['string', 'long'], 'string'],
  geo_h3cell_rings: ['kql_geo_h3_rings', ['string', 'long'], 'dynamic'],
  geo_h3cell_level: ['kql_geo_h3_level', ['string'], 'int'],
  geo_geohash_neighbors: ['kql_geohash_neighbors', ['string'], 'dynamic'],
}

/** A level that is left out is not one that is null. */
function cellAt(name: string, native: string, otherwise: number): ScalarFunction {
  return {
    doc: `${name.replaceAll('_', '-')}-function`,
    parameters: ['real', 'real', 'long'],
    returns: 'string',
    nullable: 'always',
    duckdb: ([longitude, latitude, level]) =>
      `${native}(${longitude!.bare}, ${latitude!.bare}, ${level?.bare ?? otherwise})`,
  }
}

/** The third argument, whether crossings stay where they are, changes nothing: they do. */
function dense(name: string, native: string): ScalarFunction {
  return {
    doc: `${name.replaceAll('_', '-')}-function`,
    parameters: ['dynamic', 'real', 'bool'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([line, tolerance]) => `${native}(${line!.bare}, ${tolerance?.bare ?? 'NULL'})`,
  }
}

export const geoShapeFunctions: ScalarFunctionTable = {
  ...Object.fromEntries(
    Object.entries(SHAPES).map(([name, [native, parameters, returns]]) => [
      name,
      shape(name, native, parameters, returns),
    ]),
  ),
  geo_point_to_s2cell: cellAt('geo_point_to_s2cell', 'kql_geo_s2', 11),
  geo_point_to_h3cell: cellAt('geo_point_to_h3cell', 'kql_geo_h3', 6),
  geo_line_densify: dense('geo_line_densify', 'kql_geo_line_densify'),
  geo_polygon_densify: dense('geo_polygon_densify', 'kql_geo_polygon_densify'),
}
