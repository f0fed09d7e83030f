import { describe, expect, it } from 'vitest'
import { answer } from '../answers.testing.js'

const EVENTS = `datatable(At:long, What:string, Who:string)[
  0,'a','x', 1,'start','x', 2,'b','x', 3,'d','x', 4,'stop','x', 6,'c','x', 8,'start','x', 11,'e','x', 12,'stop','x',
  1,'start','y', 9,'stop','y']
| where Who == 'x'`

describe('scan', () => {
  it('follows a sequence through its steps and numbers it', async () => {
    const steps = `step s1: What == 'start';
      step s2: What != 'start' and What != 'stop' and At - s1.At <= 5;
      step s3: What == 'stop' and At - s1.At <= 5;`
    const rows = await answer(
      `${EVENTS} | sort by At asc | scan with_match_id = m with (${steps}) | project At, m`,
    )
    expect(rows).toEqual([
      ['At', 'm'],
      ...[1, 2, 3, 4].map((at) => [String(at), '0']),
      ...[8, 11, 12].map((at) => [String(at), '1']),
    ])
  })

  it('carries declared values, which start at their defaults', async () => {
    const rows = await answer(`range x from 1 to 4 step 1
      | scan declare (sum: long = 100, text: string) with (step s: true => sum = x + s.sum, text = strcat(s.text, x);)
      | project sum, text`)
    expect(rows).toEqual([
      ['sum', 'text'],
      ['101', '1'],
      ['103', '12'],
      ['106', '123'],
      ['110', '1234'],
    ])
  })

  it('tries the later step first, and shows a row once for each step it matches', async () => {
    const rows = await answer(`range x from 1 to 6 step 1
      | scan with_match_id = m declare (t: long) with (
        step a output = none: x % 2 == 1 => t = x;
        step b: x % 2 == 0 and a.t > 0 => t = a.t * 10;
        step c: x % 3 == 0 => t = b.t;)`)
    expect(rows).toEqual([
      ['x', 't', 'm'],
      ['2', '10', '0'],
      ['3', '10', '0'],
      ['4', '30', '1'],
      ['6', '30', '1'],
      ['6', '50', '2'],
    ])
  })

  it('keeps a state for each partition', async () => {
    const rows = await answer(`datatable(n:long, g:string)[1,'x', 2,'x', 1,'y', 5,'y', 7,'y']
      | partition by g (sort by n asc | scan declare (sum: long = 0) with (step s: true => sum = n + s.sum;))
      | project g, sum | sort by g asc, sum asc`)
    expect(rows.slice(1)).toEqual([
      ['x', '1'],
      ['x', '3'],
      ['y', '1'],
      ['y', '6'],
      ['y', '13'],
    ])
  })

  it('refuses what it can not do rightly', async () => {
    const last = answer('range x from 1 to 3 step 1 | scan with (step s output = last: true;)')
    await expect(last).rejects.toThrow('output = last is not supported')
  })
})
