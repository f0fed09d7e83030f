/** The lines that a change adds and takes away, as diff -u shows them. */

const CONTEXT = 3

interface Edit {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  const edits = editsBetween(before === undefined ? [] : linesOf(before), linesOf(after))
  if (edits.every(({ sign }) => sign === ' ')) return ''
  const head = [`--- ${before === undefined ? '/dev/null' : path}`, `+++ ${path}`]
  return `${[...head, ...hunks(edits)].join('\n')}\n`
}

const linesOf = (text: string): string[] => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')

/** By the longest common part: files here have hundreds of lines, not millions. */
function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++
  const same = (text: string): Edit => ({ sign: ' ', text })
  return [
    ...before.slice(0, start).map(same),
    ...longestCommon(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

function longestCommon(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      edits.push({ sign: ' ', text: before[i]! })
      i++
      j++
    } else if (
      j >= after.length ||
      (i < before.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    ) {
      edits.push({ sign: '-', text: before[i++]! })
    } else {
      edits.push({ sign: '+', text: after[j++]! })
    }
  }
  return edits
}

function* hunks(edits: readonly Edit[]): Generator<string> {
  let oldLine = 1
  let newLine = 1
  for (let i = 0; i < edits.length; ) {
    if (edits[i]!.sign === ' ' && !edits.slice(i, i + CONTEXT + 1).some(({ sign }) => sign !== ' ')) {
      oldLine++
      newLine++
      i++
      continue
    }
    let end = i
    let last = i
    while (end < edits.length && end - last <= CONTEXT * 2) {
      if (edits[end]!.sign !== ' ') last = end
      end++
    }
    end = Math.min(end, last + CONTEXT + 1)
    const hunk = edits.slice(i, end)
    const removed = hunk.filter(({ sign }) => sign !== '+').length
    const added = hunk.filter(({ sign }) => sign !== '-').length
    yield `@@ -${removed === 0 ? oldLine - 1 : oldLine},${removed} +${added === 0 ? newLine - 1 : newLine},${added} @@`
    for (const { sign, text } of hunk) yield sign + text
    oldLine += removed
    newLine += added
    i = end
  }
}
