/**
 * Special functions of mathematics that DuckDB lacks or raises errors from.
 *
 * erf and erfc are the piecewise rational approximations that C libraries use, good to the last digits of a double;
 * the incomplete beta function is Lentz's continued fraction, its inverse a bisection.
 */
import type { ScalarFunctionTable, Sql } from './function.js'
import { bind } from './sql.js'

const NAN = "'NaN'::DOUBLE"
const INFINITY = "'Infinity'::DOUBLE"
/** Beyond this, gamma is no double. */
const GAMMA_LIMIT = '171.6243769563027::DOUBLE'

/** `c0 + c1 x + c2 x^2 + …` by Horner's rule. */
function polynomial(x: string, coefficients: readonly string[]): string {
  return coefficients.reduceRight(
    (sum, c) => (sum === '' ? `${c}::DOUBLE` : `(${c}::DOUBLE + ${x} * ${sum})`),
    '',
  )
}

// |x| < 0.84375: erf(x) = x + x P(x^2) / Q(x^2)
const SMALL_P = [
  '1.28379167095512558561e-01',
  '-3.25042107247001499370e-01',
  '-2.84817495755985104766e-02',
  '-5.77027029648944159157e-03',
  '-2.37630166566501626084e-05',
]
const SMALL_Q = [
  '1',
  '3.97917223959155352819e-01',
  '6.50222499887672944485e-02',
  '5.08130628187576562776e-03',
  '1.32494738004321644526e-04',
  '-3.96022827877536812320e-06',
]
// 0.84375 <= |x| < 1.25: erf(x) = c + P(|x| - 1) / Q(|x| - 1)
const MIDDLE = '8.45062911510467529297e-01'
const MIDDLE_P = [
  '-2.36211856075265944077e-03',
  '4.14856118683748331666e-01',
  '-3.72207876035701323847e-01',
  '3.18346619901161753674e-01',
  '-1.10894694282396677476e-01',
  '3.54783043256182359371e-02',
  '-2.16637559486879084300e-03',
]
const MIDDLE_Q = [
  '1',
  '1.06420880400844228286e-01',
  '5.40397917702171048937e-01',
  '7.18286544141962662868e-02',
  '1.26171219808761642112e-01',
  '1.36370839120290507362e-02',
  '1.19844998467991074170e-02',
]
// 1.25 <= |x| < 1/0.35 and beyond: erfc(x) = exp(-x^2 - 0.5625 + P(1/x^2) / Q(1/x^2)) / x
const LARGE_P = [
  '-9.86494403484714822705e-03',
  '-6.93858572707181764372e-01',
  '-1.05586262253232909814e+01',
  '-6.23753324503260060396e+01',
  '-1.62396669462573470355e+02',
  '-1.84605092906711035994e+02',
  '-8.12874355063065934246e+01',
  '-9.81432934416914548592e+00',
]
const LARGE_Q = [
  '1',
  '1.96512716674392571292e+01',
  '1.37657754143519042600e+02',
  '4.34565877475229228821e+02',
  '6.45387271733267880336e+02',
  '4.29008140027567833386e+02',
  '1.08635005541779435134e+02',
  '6.57024977031928170135e+00',
  '-6.04244152148580987438e-02',
]
const HUGE_P = [
  '-9.86494292470009928597e-03',
  '-7.99283237680523006574e-01',
  '-1.77579549177547519889e+01',
  '-1.60636384855821916062e+02',
  '-6.37566443368389627722e+02',
  '-1.02509513161107724954e+03',
  '-4.83519191608651397019e+02',
]
const HUGE_Q = [
  '1',
  '3.03380607434824582924e+01',
  '3.25792512996573918826e+02',
  '1.53672958608443695994e+03',
  '3.19985821950859553908e+03',
  '2.55305040643316442583e+03',
  '4.74528541206955367215e+02',
  '-2.24409524465858183362e+01',
]

/** erfc of a value of at least 1.25. */
function erfcTail(x: string): string {
  return bind({ s: `1::DOUBLE / (${x} * ${x})` }, (s) => {
    const ratio =
      `CASE WHEN ${x} < 2.857142857142857 THEN ${polynomial(s, LARGE_P)} / ${polynomial(s, LARGE_Q)} ` +
      `ELSE ${polynomial(s, HUGE_P)} / ${polynomial(s, HUGE_Q)} END`
    return `exp(-${x} * ${x} - 0.5625::DOUBLE + (${ratio})) / ${x}`
  })
}

/** erf for |x| < 1.25. */
function erfCentre(x: string): string {
  const small = bind(
    { z: `${x} * ${x}` },
    (z) => `${x} + ${x} * (${polynomial(z, SMALL_P)} / ${polynomial(z, SMALL_Q)})`,
  )
  const middle = bind(
    { s: `abs(${x}) - 1::DOUBLE` },
    (s) => `sign(${x}) * (${MIDDLE}::DOUBLE + ${polynomial(s, MIDDLE_P)} / ${polynomial(s, MIDDLE_Q)})`,
  )
  return `CASE WHEN abs(${x}) < 0.84375 THEN ${small} ELSE ${middle} END`
}

function erf([value]: readonly Sql[]): string {
  return bind(
    { x: value },
    (x) =>
      `CASE WHEN isnan(${x}) THEN ${NAN} WHEN abs(${x}) >= 6 THEN sign(${x})::DOUBLE WHEN abs(${x}) < 1.25 THEN ${erfCentre(x)} ` +
      `ELSE sign(${x}) * (1::DOUBLE - ${bind({ a: `abs(${x})` }, erfcTail)}) END`,
  )
}

function erfc([value]: readonly Sql[]): string {
  return bind(
    { x: value },
    (x) =>
      `CASE WHEN isnan(${x}) THEN ${NAN} WHEN ${x} >= 28 THEN 0::DOUBLE WHEN ${x} <= -6 THEN 2::DOUBLE ` +
      `WHEN abs(${x}) < 1.25 THEN 1::DOUBLE - (${erfCentre(x)}) WHEN ${x} > 0 THEN ${bind({ a: x }, erfcTail)} ` +
      `ELSE 2::DOUBLE - ${bind({ a: `-${x}` }, erfcTail)} END`,
  )
}

function gamma([value]: readonly Sql[]): string {
  return bind(
    { x: value },
    (x) =>
      `CASE WHEN ${x} IS NULL THEN NULL WHEN ${x} > ${GAMMA_LIMIT} THEN ${INFINITY} WHEN ${x} = 0 THEN ${INFINITY} ` +
      `ELSE coalesce(TRY(gamma(${x})), ${NAN}) END`,
  )
}

function logGamma([value]: readonly Sql[]): string {
  return bind(
    { x: value },
    (x) => `CASE WHEN ${x} IS NULL THEN NULL ELSE coalesce(TRY(lgamma(${x})), ${INFINITY}) END`,
  )
}

/** Half-steps of the continued fraction: it has converged by then for shapes up to some thousands. */
const STEPS = 200

/**
 * The regularized incomplete beta function for 0 < x < 1, on the side of the mean where its fraction converges.
 * The coefficients come first, as a list, so that the loop over them has no inner expressions to name.
 */
function incompleteBeta(x: string, a: string, b: string): string {
  const side = `CASE WHEN ${x} < (${a} + 1) / (${a} + ${b} + 2) THEN {'x': ${x}, 'a': ${a}, 'b': ${b}, 'far': false} ELSE {'x': 1 - ${x}, 'a': ${b}, 'b': ${a}, 'far': true} END`
  return bind({ beta: side }, (s) => {
    const front = `exp(lgamma(${s}.a + ${s}.b) - lgamma(${s}.a) - lgamma(${s}.b) + ${s}.a * ln(${s}.x) + ${s}.b * ln(1 - ${s}.x))`
    const value = `${front} * ${continuedFraction(`${s}.x`, `${s}.a`, `${s}.b`)} / ${s}.a`
    return `CASE WHEN ${s}.far THEN 1 ELSE 0 END + CASE WHEN ${s}.far THEN -1 ELSE 1 END * (${value})`
  })
}

/** Lentz's method; the state holds c, d and the value h. */
function continuedFraction(x: string, a: string, b: string): string {
  const m = '("$i" // 2)'
  const even = `${m} * (${b} - ${m}) * ${x} / ((${a} + 2 * ${m} - 1) * (${a} + 2 * ${m}))`
  const odd = `-(${a} + ${m}) * (${a} + ${b} + ${m}) * ${x} / ((${a} + 2 * ${m}) * (${a} + 2 * ${m} + 1))`
  const steps =
    `list_transform(range(2, ${STEPS}), lambda "$i": {'k': CASE WHEN "$i" % 2 = 0 THEN ${even} ELSE ${odd} END, ` +
    `'c': 1::DOUBLE, 'd': 1::DOUBLE, 'h': 1::DOUBLE})`
  const start = `1 / (1 - (${a} + ${b}) * ${x} / (${a} + 1))`
  const first = `{'k': 0::DOUBLE, 'c': 1::DOUBLE, 'd': ${start}, 'h': ${start}}`
  const d = '(1 + "$t".k * "$s".d)'
  const c = '(1 + "$t".k / "$s".c)'
  return `list_reduce(list_prepend(${first}, ${steps}), lambda "$s", "$t": {'k': 0::DOUBLE, 'c': ${c}, 'd': 1 / ${d}, 'h': "$s".h / ${d} * ${c}}).h`
}

const shapeIsValid = (a: string, b: string) => `${a} > 0 AND ${b} > 0`

function betaCdf([value, alpha, beta]: readonly Sql[]): string {
  return bind(
    { x: value, a: alpha, b: beta },
    (x, a, b) =>
      `CASE WHEN ${x} IS NULL OR ${a} IS NULL OR ${b} IS NULL THEN NULL ` +
      `WHEN NOT (${x} BETWEEN 0 AND 1 AND ${shapeIsValid(a, b)}) THEN ${NAN} ` +
      `WHEN ${x} IN (0, 1) THEN ${x} ELSE ${incompleteBeta(x, a, b)} END`,
  )
}

function betaPdf([value, alpha, beta]: readonly Sql[]): string {
  return bind(
    { x: value, a: alpha, b: beta },
    (x, a, b) =>
      `CASE WHEN ${x} IS NULL OR ${a} IS NULL OR ${b} IS NULL THEN NULL ` +
      `WHEN NOT (${x} BETWEEN 0 AND 1 AND ${shapeIsValid(a, b)}) THEN ${NAN} ` +
      `ELSE pow(${x}, ${a} - 1) * pow(1 - ${x}, ${b} - 1) * exp(lgamma(${a} + ${b}) - lgamma(${a}) - lgamma(${b})) END`,
  )
}

/** Halvings of the interval 0..1: enough for all bits of a double above 1e-16. */
const HALVINGS = 60

function betaInverse([probability, alpha, beta]: readonly Sql[]): string {
  return bind({ p: probability, a: alpha, b: beta }, (p, a, b) => {
    const start = "{'low': 0::DOUBLE, 'high': 1::DOUBLE}"
    const states = `list_transform(range(${HALVINGS + 1}), lambda "$i": ${start})`
    const search =
      `list_reduce(${states}, lambda "$interval", "$_": ` +
      `${bind({ mid: '("$interval".low + "$interval".high) / 2' }, (mid) =>
        bind(
          { below: `${incompleteBeta(mid, a, b)} < ${p}` },
          (below) =>
            `{'low': CASE WHEN ${below} THEN ${mid} ELSE "$interval".low END, 'high': CASE WHEN ${below} THEN "$interval".high ELSE ${mid} END}`,
        ),
      )})`
    return (
      `CASE WHEN ${p} IS NULL OR ${a} IS NULL OR ${b} IS NULL THEN NULL ` +
      `WHEN NOT (${p} BETWEEN 0 AND 1 AND ${shapeIsValid(a, b)}) THEN ${NAN} ` +
      `WHEN ${p} IN (0, 1) THEN ${p} ELSE ${bind({ i: search }, (i) => `(${i}.low + ${i}.high) / 2`)} END`
    )
  })
}

export const specialFunctions: ScalarFunctionTable = {
  erf: { doc: 'erf-function', parameters: ['real'], returns: 'real', duckdb: erf },
  erfc: { doc: 'erfc-function', parameters: ['real'], returns: 'real', duckdb: erfc },
  gamma: { doc: 'gamma-function', parameters: ['real'], returns: 'real', duckdb: gamma },
  loggamma: { doc: 'loggamma-function', parameters: ['real'], returns: 'real', duckdb: logGamma },
  beta_cdf: {
    doc: 'beta-cdf-function',
    parameters: ['real', 'real', 'real'],
    returns: 'real',
    duckdb: betaCdf,
  },
  beta_inv: {
    doc: 'beta-inv-function',
    parameters: ['real', 'real', 'real'],
    returns: 'real',
    duckdb: betaInverse,
  },
  beta_pdf: {
    doc: 'beta-pdf-function',
    parameters: ['real', 'real', 'real'],
    returns: 'real',
    duckdb: betaPdf,
  },
}
