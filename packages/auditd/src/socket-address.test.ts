import { describe, expect, it } from 'vitest'
import { decodeSocketAddress, socketAddressText } from './socket-address.js'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

describe('decodeSocketAddress', () => {
  it.each([
    ['0200003501020304000000000000000000', { family: 'inet', address: '1.2.3.4', port: 53 }],
    ['0002003501020304', { family: 'inet', address: '1.2.3.4', port: 53 }], // s390x: big endian
    [
      '0A00001600000000000000000000000000000000000000010000000000',
      { family: 'inet6', address: '::1', port: 22 },
    ],
    [
      '0A00001600000000FE800000000000000001000000000001',
      { family: 'inet6', address: 'fe80::1:0:0:1', port: 22 },
    ],
    [
      '0A0000160000000020010DB8000000000001000000000001',
      { family: 'inet6', address: '2001:db8::1:0:0:1', port: 22 },
    ],
    [
      '0A0000160000000000000000000000000000FFFF01020304',
      { family: 'inet6', address: '::ffff:1.2.3.4', port: 22 },
    ],
    [`0A00001600000000${'00'.repeat(16)}`, { family: 'inet6', address: '::', port: 22 }],
    ['01002F6465762F6C6F670000000000', { family: 'local', address: '/dev/log' }],
    ['0100406162632F78', { family: 'local', address: '@abc/x' }],
    ['0100006162632F78', { family: 'local', address: '@abc/x' }],
    ['100000000100000002000000', { family: 'netlink', details: { pid: 1, groups: 2 } }],
    ['11000003020000000100060000112233', { family: 'packet', details: { protocol: 3, interface: 2 } }],
    ['28000000050000000200000000000000', { family: 'vsock', address: '2', port: 5 }],
    ['0200', { family: 'inet', short: true }],
    ['01', { family: 'unspec', short: true }],
    ['FFFF0000', { family: 'unknown-family(65535)' }],
  ])('reads %s', (hex, address) => {
    expect(decodeSocketAddress(bytes(hex))).toEqual(address)
  })

  it('takes any length of any family', () => {
    for (let family = 0; family < 64; family++) {
      for (let length = 0; length < 40; length++) {
        const address = Buffer.alloc(length, 0xff)
        if (length > 1) address.writeUInt16LE(family, 0)
        expect(socketAddressText(address)).toBeTypeOf('string')
      }
    }
  })
})
