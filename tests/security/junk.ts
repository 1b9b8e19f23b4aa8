import { type Ask, jsonBody } from './wire.ts'

/** What no parameter of an address holds on purpose; written as it goes onto the wire. */
const inAddress: readonly string[] = [
  '=%00',
  '=a%00b',
  '=%ED%A0%80',
  '=%zz',
  '=%',
  '=',
  '=%20',
  '=-1',
  '=0',
  '=1e400',
  '=99999999999999999999',
  '=Infinity',
  '=2026-02-30',
  '=2026-10-04T02:30',
  '=9999-12-31T23:59:59Z',
  '=%2B275760-09-14T00:00:00Z',
  '=0000-00-00T00:00',
  '=__proto__',
  '=constructor',
  `=${encodeURIComponent("' OR 1=1 --")}`,
  `=${encodeURIComponent('{"$ne":1}')}`,
  `=${encodeURIComponent('%_\\')}`,
  '=%F0%9F%A6%98',
  `=${'x'.repeat(6000)}`,
  `=${Buffer.from('[0,"\u0000","00000000-0000-0000-0000-000000000000"]').toString('base64url')}`,
  `=${Buffer.from('[1,"1e999","00000000-0000-0000-0000-000000000000"]').toString('base64url')}`,
  `=${Buffer.from('["2026-01-01T00:00:00Z","------------------------------------"]').toString('base64url')}`,
  '=a&KEY=b',
  '[]=a',
  '[a]=b',
  '[__proto__][x]=y',
  '=a,,b,%00',
]

/** Asks of `path` in which the parameter holds each of them. */
export const junkQueries = (path: string, name: string): string[] =>
  inAddress.map((junk) => `${path}${path.includes('?') ? '&' : '?'}${name}${junk.replaceAll('KEY', name)}`)

/** What no field of a form holds on purpose. */
export const junkValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  1e20,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'NaN',
  '2026-02-30',
  '9999-12-31T23:59:59Z',
  '+275760-09-14T00:00:00Z',
  '1e400',
  '-99999999999999999999',
  "' OR 1=1 --",
  '__proto__',
  '__FORM_VALUE_NULL__',
  'x'.repeat(30_000),
  [],
  [null],
  ['a', ['b']],
  {},
  { $ne: null },
  { a: '\u0000' },
  { a: '\ud800' },
  JSON.parse('{"toString":"x","then":"x"}'),
  { length: 3 },
  JSON.parse('{"__proto__":{"x":1}}'),
  Array.from({ length: 3000 }, (_, n) => n),
]

const csv = (body: string | Buffer, type = 'text/csv'): Pick<Ask, 'headers' | 'body'> => ({
  headers: { 'content-type': type },
  body,
})

/** Files that are none, or that nobody should have to read. */
export const junkFiles: readonly Pick<Ask, 'headers' | 'body'>[] = [
  csv(''),
  csv('\u0000\u0000'),
  csv('a,b\r\n"never ends'),
  csv(Buffer.from([0xff, 0xfe, 0x00, 0xd8])),
  csv(Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80])),
  csv('a,a\r\n1,2\r\n'),
  csv(`${Array.from({ length: 2000 }, (_, n) => `c${n}`).join(',')}\r\n`),
  csv('name\r\n=cmd|calc\r\na\u0000b\r\n'),
  csv('{"a":1}', 'application/json'),
  csv('a\r\n1\r\n', 'text/csv; charset=utf-7'),
  csv('x'.repeat(10 * 1_048_576 + 1)),
  csv(`name\r\n${'"'.repeat(3000)}`),
  { ...csv('a\r\n1\r\n'), headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } },
]

export const jsonWith = (name: string, value: unknown, rest: object = {}): Pick<Ask, 'headers' | 'body'> =>
  jsonBody({ ...rest, [name]: value })
