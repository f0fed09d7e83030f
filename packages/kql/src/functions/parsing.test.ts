import { describeExpressions } from './evaluate.testing.js'

const url = (parts: Record<string, unknown>) =>
  JSON.stringify({
    Scheme: '',
    Host: '',
    Port: '',
    Path: '',
    Username: '',
    Password: '',
    'Query Parameters': {},
    Fragment: '',
    ...parts,
  })

const path = (...parts: readonly string[]) => {
  const names = [
    'Scheme',
    'RootPath',
    'DirectoryPath',
    'DirectoryName',
    'Filename',
    'Extension',
    'AlternateDataStreamName',
  ]
  return JSON.stringify(Object.fromEntries(names.map((name, i) => [name, parts[i]])))
}

describeExpressions('functions that take texts apart', [
  [
    "parse_url('scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment')",
    url({
      Scheme: 'scheme',
      Host: 'host',
      Port: '1234',
      Path: '/this/is/a/path',
      Username: 'username',
      Password: 'password',
      'Query Parameters': { k1: 'v1', k2: 'v2' },
      Fragment: 'fragment',
    }),
  ],
  [
    "parse_url('https://[::1]:8443/?a=b=c&d&a=e')",
    url({
      Scheme: 'https',
      Host: '[::1]',
      Port: '8443',
      Path: '/',
      'Query Parameters': { d: '', a: 'e' },
    }),
  ],
  ["parse_url('')", url({})],
  ["parse_urlquery('k1=v1&k2=v2')", '{"Query Parameters":{"k1":"v1","k2":"v2"}}'],
  ["parse_urlquery('')", '{"Query Parameters":{}}'],
  ["parse_path(@'C:\\temp\\file.txt')", path('', 'C:', 'C:\\temp', 'temp', 'file.txt', 'txt', '')],
  ["parse_path(@'temp\\file.txt')", path('', '', 'temp', 'temp', 'file.txt', 'txt', '')],
  [
    "parse_path('file://C:/temp/file.txt:some.exe')",
    path('file', 'C:', 'C:/temp', 'temp', 'file.txt', 'txt', 'some.exe'),
  ],
  [
    "parse_path(@'\\\\shared\\users\\temp\\file.txt.gz')",
    path('', '', '\\\\shared\\users\\temp', 'temp', 'file.txt.gz', 'gz', ''),
  ],
  ["parse_path('/usr/lib/temp/file.txt')", path('', '', '/usr/lib/temp', 'temp', 'file.txt', 'txt', '')],
  ["parse_path('file')", path('', '', '', '', 'file', '', '')],
  ["parse_csv('aa,b,cc')", '["aa","b","cc"]'],
  [
    `parse_csv(replace_string('aa,"b,b,b",cc,"Escaping quotes: ""Title""","line1|line2"', '|', unicode_codepoints_to_string(10)))`,
    '["aa","b,b,b","cc","Escaping quotes: \\"Title\\"","line1\\nline2"]',
  ],
  ["parse_csv('record1,a,b,c\\nrecord2,x,y,z')", '["record1","a","b","c"]'],
  ["parse_csv('a,,\"b')", '["a","","\\"b"]'],
  ["tostring(parse_version('1.2.3.40'))", '1000000020000000300000040'],
  ["parse_version('1.2') == parse_version('1.2.0.0')", true],
  ["parse_version('1.10') > parse_version('1.9')", true],
  ["isnull(parse_version('1.2.3.4.5'))", true],
  ["isnull(parse_version('moo'))", true],
  [`parse_command_line('echo "hello world!"', "windows")`, '["echo","hello world!"]'],
  [`parse_command_line('a\\\\b "c \\\\"d\\\\" e" f""g', "windows")`, '["a\\\\b","c \\"d\\" e","fg"]'],
])
