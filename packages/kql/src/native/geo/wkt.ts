/** Well-known text to GeoJSON. */
import type { Geometry } from './geojson.js'

class Reader {
  #at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  #match(pattern: RegExp): string | null {
    const sticky = new RegExp(`\\s*(?:${pattern.source})`, 'iy')
    sticky.lastIndex = this.#at
    const match = sticky.exec(this.#text)
    if (!match) return null
    this.#at = sticky.lastIndex
    return match[0].trim()
  }

  #expect(pattern: RegExp): string {
    const found = this.#match(pattern)
    if (found === null) throw new Error('no well-known text')
    return found
  }

  #list<T>(item: () => T): T[] {
    this.#expect(/\(/)
    const items = [item()]
    while (this.#match(/,/) !== null) items.push(item())
    this.#expect(/\)/)
    return items
  }

  readonly #place = (): [number, number] => {
    const numbers = [this.#number(), this.#number()] as [number, number]
    // Heights are read over.
    while (this.#match(/[-+]?[0-9.]+(e[-+]?\d+)?/) !== null);
    return numbers
  }

  readonly #bracketedPlace = (): [number, number] => {
    if (this.#match(/\(/) === null) return this.#place()
    const found = this.#place()
    this.#expect(/\)/)
    return found
  }

  #number(): number {
    return Number(this.#expect(/[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/))
  }

  readonly #line = () => this.#list(this.#place)
  readonly #polygon = () => this.#list(this.#line)

  readonly geometry = (): Geometry => {
    const type = this.#expect(/[a-z]+/).toUpperCase()
    switch (type) {
      case 'POINT': {
        const [coordinates] = this.#list(this.#place)
        return { type: 'Point', coordinates: coordinates! }
      }
      case 'LINESTRING':
        return { type: 'LineString', coordinates: this.#line() }
      case 'POLYGON':
        return { type: 'Polygon', coordinates: this.#polygon() }
      case 'MULTIPOINT':
        return { type: 'MultiPoint', coordinates: this.#list(this.#bracketedPlace) }
      case 'MULTILINESTRING':
        return { type: 'MultiLineString', coordinates: this.#list(this.#line) }
      case 'MULTIPOLYGON':
        return { type: 'MultiPolygon', coordinates: this.#list(this.#polygon) }
      case 'GEOMETRYCOLLECTION':
        return { type: 'GeometryCollection', geometries: this.#list(this.geometry) }
      default:
        throw new Error('no well-known text')
    }
  }

  end(): boolean {
    return this.#text.slice(this.#at).trim() === ''
  }
}

export function fromWkt(text: string): string | null {
  const reader = new Reader(text)
  try {
    const geometry = reader.geometry()
    return reader.end() ? JSON.stringify(geometry) : null
  } catch {
    return null
  }
}
