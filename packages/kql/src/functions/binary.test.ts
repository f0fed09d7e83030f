import { describeExpressions } from './evaluate.testing.js'

describeExpressions('bits', [
  ['binary_and(12, 10)', '8'],
  ['binary_or(45, 61)', '61'],
  ['binary_xor(45, 61)', '16'],
  ['binary_not(45)', '-46'],
  ['binary_shift_left(17, 6)', '1088'],
  ['binary_shift_left(1, 63)', '-9223372036854775808'],
  ['binary_shift_left(-1, 4)', '-16'],
  ['binary_shift_left(3, 65)', '6'],
  ['binary_shift_left(1, -1)', null],
  ['binary_shift_right(1, 2)', '0'],
  ['binary_shift_right(-8, 1)', '-4'],
  ['binary_shift_right(123478324875648645, 6)', '1929348826182010'],
  ['binary_shift_right(long(null), 6)', null],
  ['bitset_count_ones(45)', '4'],
  ['bitset_count_ones(-1)', '64'],
])
