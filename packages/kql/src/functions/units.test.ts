import { describeExpressions } from './evaluate.testing.js'

describeExpressions('conversions of units', [
  ["convert_angle(1.2, 'Degree', 'Arcminute')", 72],
  ["convert_angle(180, 'Degree', 'Radian')", Math.PI],
  ["round(convert_energy(1.2, 'Joule', 'BritishThermalUnit'), 17)", 0.00113738054437598],
  ["convert_force(1.2, 'Newton', 'Decanewton')", 0.12],
  ["round(convert_length(1.2, 'Meter', 'Foot'), 14)", 3.93700787401575],
  ["convert_mass(1.2, 'Kilogram', 'Gram')", 1200],
  ["convert_speed(1.2, 'MeterPerSecond', 'CentimeterPerHour')", 432000],
  ["convert_temperature(1.2, 'Kelvin', 'DegreeCelsius')", -271.95],
  ["round(convert_temperature(212, 'DegreeFahrenheit', 'DegreeCelsius'), 10)", 100],
  ["convert_volume(1.2, 'CubicMeter', 'AcreFoot')", 0.0009728568],
  ["convert_volume(1, 'CubicMeter', 'Bushel')", null],
  ["convert_volume(double(null), 'CubicMeter', 'Liter')", null],
])
