/** The texts that are open in the editor, by name. Apart from the editor, so that closing a tab does not load it. */

interface Document {
  isDisposed(): boolean
  dispose(): void
}

const documents = new Map<string, Document>()

export function documentOf<D extends Document>(name: string, make: () => D): D {
  const known = documents.get(name)
  if (known && !known.isDisposed()) return known as D
  const made = make()
  documents.set(name, made)
  return made
}

/** Lets a text go that is not shown any more. */
export function closeDocument(name: string): void {
  documents.get(name)?.dispose()
  documents.delete(name)
}
