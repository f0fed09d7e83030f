/** The discrete Fourier transform of a series of any length. */

export interface Complex {
  readonly real: Float64Array
  readonly imaginary: Float64Array
}

/** `sign` -1 transforms, 1 transforms back (without the division by the length). */
export function transform(input: Complex, sign: -1 | 1): Complex {
  const n = input.real.length
  if (n <= 1) return { real: input.real.slice(), imaginary: input.imaginary.slice() }
  return (n & (n - 1)) === 0 ? radix2(input, sign) : bluestein(input, sign)
}

function radix2({ real, imaginary }: Complex, sign: -1 | 1): Complex {
  const n = real.length
  const re = real.slice()
  const im = imaginary.slice()
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[re[i], re[j]] = [re[j]!, re[i]!]
      ;[im[i], im[j]] = [im[j]!, im[i]!]
    }
  }
  for (let size = 2; size <= n; size <<= 1) {
    const half = size >> 1
    for (let k = 0; k < half; k++) {
      const angle = (sign * 2 * Math.PI * k) / size
      const cos = Math.cos(angle)
      const sin = Math.sin(angle)
      for (let start = k; start < n; start += size) {
        const other = start + half
        const oddRe = re[other]! * cos - im[other]! * sin
        const oddIm = re[other]! * sin + im[other]! * cos
        re[other] = re[start]! - oddRe
        im[other] = im[start]! - oddIm
        re[start] = re[start]! + oddRe
        im[start] = im[start]! + oddIm
      }
    }
  }
  return { real: re, imaginary: im }
}

/** A transform of any length as a convolution, which transforms of a power of two compute. */
function bluestein({ real, imaginary }: Complex, sign: -1 | 1): Complex {
  const n = real.length
  let size = 1
  while (size < 2 * n - 1) size <<= 1
  const cos = new Float64Array(n)
  const sin = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    // i² modulo 2n keeps the angle small.
    const angle = (sign * Math.PI * ((i * i) % (2 * n))) / n
    cos[i] = Math.cos(angle)
    sin[i] = Math.sin(angle)
  }
  const a = { real: new Float64Array(size), imaginary: new Float64Array(size) }
  const b = { real: new Float64Array(size), imaginary: new Float64Array(size) }
  for (let i = 0; i < n; i++) {
    a.real[i] = real[i]! * cos[i]! - imaginary[i]! * sin[i]!
    a.imaginary[i] = real[i]! * sin[i]! + imaginary[i]! * cos[i]!
    b.real[i] = cos[i]!
    b.imaginary[i] = -sin[i]!
    if (i > 0) {
      b.real[size - i] = cos[i]!
      b.imaginary[size - i] = -sin[i]!
    }
  }
  const product = multiply(radix2(a, -1), radix2(b, -1))
  const convolved = radix2(product, 1)
  const result = { real: new Float64Array(n), imaginary: new Float64Array(n) }
  for (let i = 0; i < n; i++) {
    const re = convolved.real[i]! / size
    const im = convolved.imaginary[i]! / size
    result.real[i] = re * cos[i]! - im * sin[i]!
    result.imaginary[i] = re * sin[i]! + im * cos[i]!
  }
  return result
}

function multiply(a: Complex, b: Complex): Complex {
  const n = a.real.length
  const result = { real: new Float64Array(n), imaginary: new Float64Array(n) }
  for (let i = 0; i < n; i++) {
    result.real[i] = a.real[i]! * b.real[i]! - a.imaginary[i]! * b.imaginary[i]!
    result.imaginary[i] = a.real[i]! * b.imaginary[i]! + a.imaginary[i]! * b.real[i]!
  }
  return result
}
