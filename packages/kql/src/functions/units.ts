/**
 * convert_*: a value from one unit to another, by the factors to a base unit. The names are those of the Kusto
 * reference. A unit that is not in the table gives null.
 */
import type { ScalarFunction, ScalarFunctionTable, Sql, TemplateContext } from './function.js'
import { bind } from './sql.js'

/** How many base units one unit is. */
type Units = Readonly<Record<string, number>>

// Base: degree
const ANGLES: Units = {
  Arcminute: 1 / 60,
  Arcsecond: 1 / 3600,
  Centiradian: 1.8 / Math.PI,
  Deciradian: 18 / Math.PI,
  Degree: 1,
  Gradian: 0.9,
  Microdegree: 1e-6,
  Microradian: 180e-6 / Math.PI,
  Millidegree: 1e-3,
  Milliradian: 0.18 / Math.PI,
  Nanodegree: 1e-9,
  Nanoradian: 180e-9 / Math.PI,
  NatoMil: 360 / 6400,
  Radian: 180 / Math.PI,
  Revolution: 360,
}

const POUND = 0.45359237
const GRAVITY = 9.80665
const BRITISH_THERMAL_UNIT = 1055.05585262
const ELECTRON_VOLT = 1.602176634e-19

// Base: joule
const ENERGIES: Units = {
  BritishThermalUnit: BRITISH_THERMAL_UNIT,
  Calorie: 4.184,
  ElectronVolt: ELECTRON_VOLT,
  Erg: 1e-7,
  FootPound: POUND * GRAVITY * 0.3048,
  GigabritishThermalUnit: 1e9 * BRITISH_THERMAL_UNIT,
  GigaelectronVolt: 1e9 * ELECTRON_VOLT,
  Gigajoule: 1e9,
  GigawattDay: 86_400e9,
  GigawattHour: 3600e9,
  Joule: 1,
  KilobritishThermalUnit: 1e3 * BRITISH_THERMAL_UNIT,
  Kilocalorie: 4184,
  KiloelectronVolt: 1e3 * ELECTRON_VOLT,
  Kilojoule: 1e3,
  KilowattDay: 86_400e3,
  KilowattHour: 3600e3,
  MegabritishThermalUnit: 1e6 * BRITISH_THERMAL_UNIT,
  Megacalorie: 4.184e6,
  MegaelectronVolt: 1e6 * ELECTRON_VOLT,
  Megajoule: 1e6,
  MegawattDay: 86_400e6,
  MegawattHour: 3600e6,
  Millijoule: 1e-3,
  TeraelectronVolt: 1e12 * ELECTRON_VOLT,
  TerawattDay: 86_400e12,
  TerawattHour: 3600e12,
  WattDay: 86_400,
  WattHour: 3600,
}

// Base: newton
const FORCES: Units = {
  Decanewton: 10,
  Dyn: 1e-5,
  KilogramForce: GRAVITY,
  Kilonewton: 1e3,
  KiloPond: GRAVITY,
  KilopoundForce: 1e3 * POUND * GRAVITY,
  Meganewton: 1e6,
  Micronewton: 1e-6,
  Millinewton: 1e-3,
  Newton: 1,
  OunceForce: (POUND * GRAVITY) / 16,
  Poundal: POUND * 0.3048,
  PoundForce: POUND * GRAVITY,
  ShortTonForce: 2000 * POUND * GRAVITY,
  TonneForce: 1e3 * GRAVITY,
}

// Base: metre
const LENGTHS: Units = {
  Angstrom: 1e-10,
  AstronomicalUnit: 149_597_870_700,
  Centimeter: 1e-2,
  Chain: 20.1168,
  DataMile: 1828.8,
  Decameter: 10,
  Decimeter: 0.1,
  Fathom: 1.8288,
  Foot: 0.3048,
  Hand: 0.1016,
  Hectometer: 100,
  Inch: 0.0254,
  KilolightYear: 9_460_730_472_580_800_000,
  Kilometer: 1e3,
  LightYear: 9_460_730_472_580_800,
  MegalightYear: 9.4607304725808e21,
  Meter: 1,
  Microinch: 2.54e-8,
  Micrometer: 1e-6,
  Mil: 2.54e-5,
  Mile: 1609.344,
  Millimeter: 1e-3,
  Nanometer: 1e-9,
  NauticalMile: 1852,
  Shackle: 27.432,
  Twip: 0.0254 / 1440,
  UsSurveyFoot: 1200 / 3937,
  Yard: 0.9144,
}

// Base: gram
const MASSES: Units = {
  Centigram: 1e-2,
  Decagram: 10,
  Decigram: 0.1,
  Grain: 0.06479891,
  Gram: 1,
  Hectogram: 100,
  Kilogram: 1e3,
  Kilopound: 1e6 * POUND,
  Kilotonne: 1e9,
  LongHundredweight: 112e3 * POUND,
  LongTon: 2240e3 * POUND,
  Megapound: 1e9 * POUND,
  Megatonne: 1e12,
  Microgram: 1e-6,
  Milligram: 1e-3,
  Nanogram: 1e-9,
  Ounce: (1e3 * POUND) / 16,
  Pound: 1e3 * POUND,
  ShortHundredweight: 100e3 * POUND,
  ShortTon: 2000e3 * POUND,
  Slug: (1e3 * POUND * GRAVITY) / 0.3048,
  Stone: 14e3 * POUND,
  Tonne: 1e6,
}

/** `FootPerMinute` and its like: a length in a time, the base metre per second. */
function perTime(lengths: readonly string[], times: readonly ('Hour' | 'Minute' | 'Second')[]): Units {
  const seconds = { Hour: 3600, Minute: 60, Second: 1 }
  return Object.fromEntries(
    lengths.flatMap((length) =>
      times.map((time) => [`${length}Per${time}`, LENGTHS[length]! / seconds[time]]),
    ),
  )
}

const SPEEDS: Units = {
  ...perTime(
    ['Centimeter', 'Foot', 'Inch', 'Kilometer', 'Meter', 'Millimeter', 'UsSurveyFoot', 'Yard'],
    ['Hour', 'Minute', 'Second'],
  ),
  ...perTime(['Decimeter', 'Micrometer', 'Nanometer'], ['Minute', 'Second']),
  ...perTime(['Mile'], ['Hour']),
  Knot: 1852 / 3600,
}

const US_GALLON = 0.003785411784
const IMPERIAL_GALLON = 0.00454609
const CUBIC_FOOT = 0.028316846592

// Base: cubic metre
const VOLUMES: Units = {
  // By its documented example, which is not the exact 43,560 cubic feet.
  AcreFoot: 1 / 0.000810714,
  AuTablespoon: 2e-5,
  BoardFoot: CUBIC_FOOT / 12,
  Centiliter: 1e-5,
  CubicCentimeter: 1e-6,
  CubicDecimeter: 1e-3,
  CubicFoot: CUBIC_FOOT,
  CubicHectometer: 1e6,
  CubicInch: 1.6387064e-5,
  CubicKilometer: 1e9,
  CubicMeter: 1,
  CubicMicrometer: 1e-18,
  CubicMile: 1609.344 ** 3,
  CubicMillimeter: 1e-9,
  CubicYard: 27 * CUBIC_FOOT,
  Decaliter: 1e-2,
  DecausGallon: 10 * US_GALLON,
  Deciliter: 1e-4,
  DeciusGallon: US_GALLON / 10,
  HectocubicFoot: 100 * CUBIC_FOOT,
  HectocubicMeter: 100,
  Hectoliter: 0.1,
  HectousGallon: 100 * US_GALLON,
  ImperialBeerBarrel: 36 * IMPERIAL_GALLON,
  ImperialGallon: IMPERIAL_GALLON,
  ImperialOunce: IMPERIAL_GALLON / 160,
  ImperialPint: IMPERIAL_GALLON / 8,
  KilocubicFoot: 1e3 * CUBIC_FOOT,
  KilocubicMeter: 1e3,
  KiloimperialGallon: 1e3 * IMPERIAL_GALLON,
  Kiloliter: 1,
  KilousGallon: 1e3 * US_GALLON,
  Liter: 1e-3,
  MegacubicFoot: 1e6 * CUBIC_FOOT,
  MegaimperialGallon: 1e6 * IMPERIAL_GALLON,
  Megaliter: 1e3,
  MegausGallon: 1e6 * US_GALLON,
  MetricCup: 2.5e-4,
  MetricTeaspoon: 5e-6,
  Microliter: 1e-9,
  Milliliter: 1e-6,
  OilBarrel: 42 * US_GALLON,
  UkTablespoon: 1.5e-5,
  UsBeerBarrel: 31 * US_GALLON,
  UsCustomaryCup: US_GALLON / 16,
  UsGallon: US_GALLON,
  UsLegalCup: 2.4e-4,
  UsOunce: US_GALLON / 128,
  UsPint: US_GALLON / 8,
  UsQuart: US_GALLON / 4,
  UsTablespoon: US_GALLON / 256,
  UsTeaspoon: US_GALLON / 768,
}

/** kelvin = degrees * factor + zero */
const TEMPERATURES: Readonly<Record<string, { readonly factor: number; readonly zero: number }>> = {
  DegreeCelsius: { factor: 1, zero: 273.15 },
  DegreeDelisle: { factor: -2 / 3, zero: 373.15 },
  DegreeFahrenheit: { factor: 5 / 9, zero: 459.67 * (5 / 9) },
  DegreeNewton: { factor: 100 / 33, zero: 273.15 },
  DegreeRankine: { factor: 5 / 9, zero: 0 },
  DegreeReaumur: { factor: 1.25, zero: 273.15 },
  DegreeRoemer: { factor: 40 / 21, zero: 273.15 - (7.5 * 40) / 21 },
  Kelvin: { factor: 1, zero: 0 },
  MillidegreeCelsius: { factor: 1e-3, zero: 273.15 },
}

const double = (value: number): string => `${value}::DOUBLE`

/** What the table has for a unit: a number at once for a literal, else a choice; null for a unit it has not. */
function look(unit: Sql, table: Readonly<Record<string, number>>, { quote }: TemplateContext): string {
  if (typeof unit.constant === 'string') {
    const value = Object.hasOwn(table, unit.constant) ? table[unit.constant] : undefined
    return value === undefined ? 'NULL::DOUBLE' : double(value)
  }
  const choices = Object.entries(table).map(([name, value]) => `WHEN ${quote(name)} THEN ${double(value)}`)
  return `CASE ${unit} ${choices.join(' ')} END`
}

function conversion(quantity: string, units: Units): ScalarFunction {
  return {
    doc: `convert-${quantity}-function`,
    parameters: ['real', 'string', 'string'],
    returns: 'real',
    nullable: 'always',
    duckdb: ([value, from, to], context) =>
      `(${value} * ${look(from!, units, context)} / ${look(to!, units, context)})`,
  }
}

function convertTemperature([value, from, to]: readonly Sql[], context: TemplateContext): string {
  const entries = Object.entries(TEMPERATURES)
  const factors = Object.fromEntries(entries.map(([name, { factor }]) => [name, factor]))
  const zeros = Object.fromEntries(entries.map(([name, { zero }]) => [name, zero]))
  const kelvin = `${value} * ${look(from!, factors, context)} + ${look(from!, zeros, context)}`
  return bind({ kelvin }, (k) => `(${k} - ${look(to!, zeros, context)}) / ${look(to!, factors, context)}`)
}

export const unitFunctions: ScalarFunctionTable = {
  convert_angle: conversion('angle', ANGLES),
  convert_energy: conversion('energy', ENERGIES),
  convert_force: conversion('force', FORCES),
  convert_length: conversion('length', LENGTHS),
  convert_mass: conversion('mass', MASSES),
  convert_speed: conversion('speed', SPEEDS),
  convert_temperature: {
    doc: 'convert-temperature-function',
    parameters: ['real', 'string', 'string'],
    returns: 'real',
    nullable: 'always',
    duckdb: convertTemperature,
  },
  convert_volume: conversion('volume', VOLUMES),
}
