import { describeExpressions } from './evaluate.testing.js'

describeExpressions('functions on places', [
  ['round(geo_distance_2points(-122.407628, 47.578557, -118.275287, 34.019056), 6)', 1546754.351974],
  ['geo_distance_2points(0, 0, 0, 0)', 0],
  ['geo_distance_2points(300, 0, 0, 0)', null],
  ['geo_distance_2points(0, real(null), 0, 0)', null],
  ['round(geo_azimuth(5, 10, 10, -40), 12)', 3.054599397964],
  ['round(geo_azimuth(0, 0, -1, 0), 12)', 4.712388980385],
  ['geo_azimuth(5, 10, 5, 10)', null],
  ['geo_point_in_circle(-122.317404, 47.609119, -122.3518577, 47.6205099, 3500)', true],
  ['geo_point_in_circle(-122.317404, 47.609119, -122.3518577, 47.6205099, 1000)', false],
  ['geo_point_in_circle(200, 1, 1, 1, 1)', null],
  [
    `round(geo_line_length(dynamic({"type":"LineString","coordinates":[[-73.95807266235352,40.800426144169315],[-73.94966125488281,40.79691751000055],[-73.97317886352539,40.764486356930334]]})), 6)`,
    4922.48017,
  ],
  [
    `geo_line_length(dynamic({"type":"MultiLineString","coordinates":[[[0,0],[0,1]],[[1,0],[1,1]]]})) == 2 * geo_distance_2points(0, 0, 0, 1)`,
    true,
  ],
  [`geo_line_length(dynamic({"type":"LineString","coordinates":[[1,1]]}))`, null],
  [`geo_line_length(dynamic({"type":"Point","coordinates":[1,1]}))`, null],
  ['geo_point_to_geohash(-80.195829, 25.802215, 8)', 'dhwfz15h'],
  ['geo_point_to_geohash(139.806115, 35.554128, 12)', 'xn76m27ty9g4'],
  ['geo_point_to_geohash(139.806115, 35.554128)', 'xn76m'],
  ['geo_point_to_geohash(180, 90, 3)', 'zzz'],
  ['geo_point_to_geohash(200, 1, 8)', ''],
  ['geo_point_to_geohash(1, 1, int(null))', ''],
  ["geo_geohash_to_central_point('sunny')", '{"type":"Point","coordinates":[42.47314453125,23.70849609375]}'],
  ["geo_geohash_to_central_point('a')", null],
  [
    "geo_geohash_to_polygon('dr5ru')",
    '{"type":"Polygon","coordinates":[[[-74.00390625,40.7373046875],[-73.9599609375,40.7373046875],[-73.9599609375,40.78125],[-74.00390625,40.78125],[-74.00390625,40.7373046875]]]}',
  ],
])
