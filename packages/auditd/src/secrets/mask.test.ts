import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MASK, maskArguments, maskCommandLine } from './mask.js'

/** `•` stands for the mask. */
const line = (text: string) => maskCommandLine(text).replaceAll(MASK, '•')
const args = (...list: string[]) => maskArguments(list).map((arg) => arg.replaceAll(MASK, '•'))

describe('maskCommandLine', () => {
  it.each([
    ["mysql -uroot -pS3cretDb -e 'select 1'", "mysql -uroot -p• -e 'select 1'"],
    ['mysql -u root -p shop', 'mysql -u root -p shop'],
    ['mysqldump --password=x --all-databases', 'mysqldump --password=• --all-databases'],
    ["mysqldump --password='x y' db", 'mysqldump --password=• db'],
    ['sudo mysql -pabc', 'sudo mysql -p•'],
    ['/usr/bin/mysql -pabc', '/usr/bin/mysql -p•'],
    ['mysqladmin -u root password new', 'mysqladmin -u root password new'],
    ['curl -u alice:secret https://x/', 'curl -u alice:• https://x/'],
    ['curl -sSu alice:secret https://x/', 'curl -sSu alice:• https://x/'],
    ['curl -u alice https://x/', 'curl -u alice https://x/'],
    ["curl -H 'Authorization: Bearer abcdef0123' x", "curl -H 'Authorization: Bearer •' x"],
    ['curl https://bob:hunter2@host/p', 'curl https://bob:•@host/p'],
    ['git clone https://oauth2:glpat-abcdefghijklmnopqrst@git/x', 'git clone https://oauth2:•@git/x'],
    ["curl -d 'user=a&password=b' x", "curl -d 'user=a&password=•' x"],
    [`curl -d '{"user":"a","password":"b c"}' x`, `curl -d '{"user":"a","password":"•"}' x`],
    ['export TOKEN=abc', 'export TOKEN=•'],
    ['export AWS_SECRET_ACCESS_KEY="a b"; ls', 'export AWS_SECRET_ACCESS_KEY=•; ls'],
    ['PGPASSWORD=x psql -h db', 'PGPASSWORD=• psql -h db'],
    ['DB_PASS=x ./run', 'DB_PASS=• ./run'],
    ['TOKEN=$(cat /run/token) ./run', 'TOKEN=$(cat /run/token) ./run'],
    ['export PASSWORD=$OTHER', 'export PASSWORD=$OTHER'],
    ['cd $PWD; PWD=/tmp ls', 'cd $PWD; PWD=/tmp ls'],
    ["echo 'sysupd:Zz-1234567' | chpasswd", 'echo • | chpasswd'],
    ['echo pw | sudo -S id', 'echo • | sudo -S id'],
    ['echo pw | sudo id', 'echo pw | sudo id'],
    ['chpasswd <<< "a:b"', 'chpasswd <<< •'],
    [
      'echo -n $T | docker login -u a --password-stdin r',
      'echo -n $T | docker login -u a --password-stdin r',
    ],
    ['docker login -u a -p b r', 'docker login -u a -p • r'],
    ['docker run -p 80:80 -e MYSQL_ROOT_PASSWORD=x m', 'docker run -p 80:80 -e MYSQL_ROOT_PASSWORD=• m'],
    ['sshpass -p x ssh a@b', 'sshpass -p • ssh a@b'],
    ['smbclient -U user%pass //h/s', 'smbclient -U user%• //h/s'],
    ['openssl enc -k abc -in f', 'openssl enc -k • -in f'],
    ['openssl rsa -passin pass:abc', 'openssl rsa -passin pass:•'],
    ['htpasswd -b f user pw', 'htpasswd -b f user •'],
    ['htpasswd f user', 'htpasswd f user'],
    ['vault login abc', 'vault login •'],
    ['aws configure set aws_secret_access_key x', 'aws configure set aws_secret_access_key •'],
    ['sqlplus scott/tiger@db', 'sqlplus scott/•'],
    ['tool --api-key abc --user b', 'tool --api-key • --user b'],
    ['tool --client-secret=abc', 'tool --client-secret=•'],
    ['tool --password-file /etc/p --token-ttl 5', 'tool --password-file /etc/p --token-ttl 5'],
    ['tool --password $P', 'tool --password $P'],
    ['bash -c "mysql -pabc db"', 'bash -c "mysql -p• db"'],
    ["ssh host 'mysql -pabc db'", "ssh host 'mysql -p• db'"],
    ["su - root -c 'export TOKEN=abc; run'", "su - root -c 'export TOKEN=•; run'"],
    ['echo AKIAIOSFODNN7EXAMPLE', 'echo •'],
    ['x ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'x •'],
    ["usermod -p '$6$abc$defghijklmnop' bob", 'usermod -p • bob'],
    ["echo '$6$abc$defghijklmnop' > x", "echo '•' > x"],
    ['useradd -m -s /bin/bash sysupd', 'useradd -m -s /bin/bash sysupd'],
    ['MYSQLPASSWORD=x dbtoken=y run', 'MYSQLPASSWORD=• dbtoken=• run'],
    ["echo 'erin ALL=(ALL) NOPASSWD: ALL' > f", "echo 'erin ALL=(ALL) NOPASSWD: ALL' > f"],
    ['passwd bob', 'passwd bob'],
    ['cat /etc/passwd', 'cat /etc/passwd'],
    ['grep -ri password /etc', 'grep -ri password /etc'],
    ['ls -la /home/bob/.ssh/authorized_keys', 'ls -la /home/bob/.ssh/authorized_keys'],
    ['ssh-keygen -t ed25519 -f key', 'ssh-keygen -t ed25519 -f key'],
    ['tar xpf a.tar; cp -p a b', 'tar xpf a.tar; cp -p a b'],
    ['mkdir -p /root/.ssh', 'mkdir -p /root/.ssh'],
  ])('%s', (text, expected) => {
    expect(line(text)).toBe(expected)
  })

  it('masks a masked line no further, and takes any text', () => {
    const piece = fc.constantFrom(
      'mysql -pX',
      ' ',
      "'",
      '"',
      ' | chpasswd',
      '$(',
      ')',
      'TOKEN=a',
      '--password=',
      'https://a:b@c',
      'sh -c ',
      ';',
      'é',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const once = maskCommandLine(pieces.join(''))
        expect(maskCommandLine(once)).toBe(once)
      }),
      { numRuns: 500, seed: 4 },
    )
  })
})

describe('maskArguments', () => {
  it('knows where an argument ends, which a joined line does not', () => {
    expect(args('mysql', '-uroot', '-pS3 cret', '-e', 'select 1')).toEqual([
      'mysql',
      '-uroot',
      '-p•',
      '-e',
      'select 1',
    ])
    expect(args('tool', '--password', 'a b c', 'x')).toEqual(['tool', '--password', '•', 'x'])
    expect(args('sh', '-c', 'curl -u a:b x')).toEqual(['sh', '-c', 'curl -u a:• x'])
    expect(args('sudo', '-u', 'bob', 'env', 'A=b', 'mysql', '-pabc')).toEqual([
      'sudo',
      '-u',
      'bob',
      'env',
      'A=b',
      'mysql',
      '-p•',
    ])
    expect(args('java', '-Ddb.password=x', '-jar', 'a')).toEqual(['java', '-Ddb.password=•', '-jar', 'a'])
  })

  it('gives the same list when there is nothing to mask', () => {
    const list = ['ls', '-la', '/etc']
    expect(maskArguments(list)).toBe(list)
    const more = ['sudo', 'cat', '/etc/passwd']
    expect(maskArguments(more)).toBe(more)
  })

  it('takes long arguments in time', () => {
    for (const unit of [
      '://',
      'a-',
      'password',
      'a:b@',
      '-----BEGIN PRIVATE KEY-----',
      'eyJ',
      '$6$',
      'token=',
    ]) {
      expect(args('x', unit.repeat(200_000)).length).toBe(2)
    }
  })

  it('masks typed words and recorded arguments alike, so that they still match', () => {
    expect(line('mysql -uroot -pS3cretDb')).toBe(args('mysql', '-uroot', '-pS3cretDb').join(' '))
  })
})
