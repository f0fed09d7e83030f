import { expect, test } from 'vitest'
import { parseNames } from './names.js'

test('names by id; the first of an id counts, broken lines do not', () => {
  const names = parseNames(
    'root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/:/bin/sh\n\n+::::\nalice:x:1001:1001\nx:y\n',
  )
  expect([...names]).toEqual([
    [0, 'root'],
    [1001, 'alice'],
  ])
})
