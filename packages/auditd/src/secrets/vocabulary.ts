/**
 * Where command lines hold secrets, as data. To teach the masking a command, add a line to `COMMANDS`.
 *
 * Sources: the manual pages of the commands; the token forms as their issuers document them.
 */

/**
 * What of an option's value is secret:
 * - `value`: all of it, in the same argument or in the next one
 * - `attached`: all of it, but only in the same argument (`mysql -pX`; with `-p` alone it asks)
 * - `after-colon`, `after-percent`, `after-slash`: what stands behind the first such character (`curl -u user:X`)
 */
export type SecretPart = 'value' | 'attached' | 'after-colon' | 'after-percent' | 'after-slash'

export interface CommandSecrets {
  readonly options?: Readonly<Record<string, SecretPart>>
  /** Short options without a value that may stand before one with a value in the same argument: `-sSu`. */
  readonly flags?: string
  /** Arguments that are no options, counted from 0 (from the end: -1), which are secret. */
  readonly operands?: readonly number[]
  /** The operands are secret only with one of these options. */
  readonly with?: readonly string[]
  /** The operands are secret only behind these first operands. */
  readonly after?: readonly string[]
  /** The options mean this only in a command line that has this word. */
  readonly subcommand?: string
  /** A part of an operand that is secret. */
  readonly operandPart?: SecretPart
  /** Text given to it is a command line, and is read as one: behind this option, or (`''`) all operands. */
  readonly script?: string
}

const MYSQL: CommandSecrets = { options: { '-p': 'attached', '--password': 'value' } }
const SHELL: CommandSecrets = { script: '-c', flags: 'ilxeuvrp' }
const LDAP: CommandSecrets = { options: { '-w': 'value', '-s': 'value' } }
const SEVEN_ZIP: CommandSecrets = { options: { '-p': 'attached' } }
const JAVA_KEYS: CommandSecrets = {
  options: {
    '-storepass': 'value',
    '-keypass': 'value',
    '-srcstorepass': 'value',
    '-deststorepass': 'value',
  },
}
const SAMBA: CommandSecrets = { options: { '-U': 'after-percent', '--user': 'after-percent' } }
const CONTAINERS: CommandSecrets = { options: { '-p': 'value' }, subcommand: 'login' }
const SQL_SERVER: CommandSecrets = { options: { '-P': 'value' } }

/** By the name of the command, without its folder. */
export const COMMANDS: ReadonlyMap<string, CommandSecrets> = new Map(
  Object.entries({
    mysql: MYSQL,
    mysqldump: MYSQL,
    mysqladmin: { ...MYSQL, operands: [1], after: ['password'] },
    mysqlimport: MYSQL,
    mysqlshow: MYSQL,
    mysqlcheck: MYSQL,
    mysqlsh: MYSQL,
    mariadb: MYSQL,
    'mariadb-dump': MYSQL,
    'mariadb-admin': { ...MYSQL, operands: [1], after: ['password'] },
    mycli: MYSQL,
    curl: {
      options: {
        '-u': 'after-colon',
        '--user': 'after-colon',
        '-U': 'after-colon',
        '--proxy-user': 'after-colon',
        '--oauth2-bearer': 'value',
        '--pass': 'value',
        '--proxy-pass': 'value',
        '--tlspassword': 'value',
        '-b': 'value',
        '--cookie': 'value',
      },
      flags: 'sSfLkvigIN#0123456',
    },
    wget: { options: { '--http-password': 'value', '--ftp-password': 'value', '--proxy-password': 'value' } },
    http: { options: { '-a': 'after-colon', '--auth': 'after-colon' } },
    https: { options: { '-a': 'after-colon', '--auth': 'after-colon' } },
    sshpass: { options: { '-p': 'value' } },
    ldapsearch: LDAP,
    ldapmodify: LDAP,
    ldapadd: LDAP,
    ldapdelete: LDAP,
    ldapwhoami: LDAP,
    ldappasswd: { options: { '-w': 'value', '-s': 'value', '-a': 'value' } },
    smbclient: SAMBA,
    rpcclient: SAMBA,
    smbmap: { options: { '-p': 'value' } },
    crackmapexec: { options: { '-p': 'value', '-H': 'value' } },
    netexec: { options: { '-p': 'value', '-H': 'value' } },
    'redis-cli': { options: { '-a': 'value', '--pass': 'value' } },
    mongo: { options: { '-p': 'value' } },
    mongosh: { options: { '-p': 'value' } },
    mongodump: { options: { '-p': 'value' } },
    sqlcmd: SQL_SERVER,
    bcp: SQL_SERVER,
    isql: SQL_SERVER,
    tsql: SQL_SERVER,
    sqlplus: { operands: [0], operandPart: 'after-slash' },
    openssl: {
      options: {
        '-k': 'value',
        '-K': 'value',
        '-passin': 'after-colon',
        '-passout': 'after-colon',
        '-pass': 'after-colon',
      },
    },
    zip: { options: { '-P': 'value' } },
    unzip: { options: { '-P': 'value' } },
    '7z': SEVEN_ZIP,
    '7za': SEVEN_ZIP,
    '7zr': SEVEN_ZIP,
    rar: { options: { '-p': 'attached', '-hp': 'attached' } },
    unrar: SEVEN_ZIP,
    docker: CONTAINERS,
    podman: CONTAINERS,
    buildah: CONTAINERS,
    skopeo: CONTAINERS,
    helm: CONTAINERS,
    oras: CONTAINERS,
    az: { options: { '-p': 'value' }, subcommand: 'login' },
    aws: { operands: [3], after: ['configure', 'set'] },
    vault: { operands: [1], after: ['login'] },
    htpasswd: { operands: [-1], with: ['-b', '-nb', '-bn', '-cb', '-bc', '-Bb', '-bB', '-nbB'] },
    useradd: { options: { '-p': 'value' } },
    usermod: { options: { '-p': 'value' } },
    groupadd: { options: { '-p': 'value' } },
    groupmod: { options: { '-p': 'value' } },
    keytool: JAVA_KEYS,
    jarsigner: JAVA_KEYS,
    ipmitool: { options: { '-P': 'value' } },
    snmpget: { options: { '-A': 'value', '-X': 'value', '-c': 'value' } },
    snmpwalk: { options: { '-A': 'value', '-X': 'value', '-c': 'value' } },
    wpa_passphrase: { operands: [1] },
    rdesktop: { options: { '-p': 'value' } },
    'gpg-preset-passphrase': { options: { '-P': 'value' } },
    hydra: { options: { '-p': 'value' } },
    // These hand a command line on.
    sh: SHELL,
    bash: SHELL,
    dash: SHELL,
    zsh: SHELL,
    ksh: SHELL,
    su: { script: '-c' },
    runuser: { script: '-c' },
    script: { script: '-c' },
    watch: { script: '' },
    ssh: { script: '' },
    eval: { script: '' },
  } satisfies Record<string, CommandSecrets>),
)

/** Commands that run the command behind them: its own rules hold for the rest. */
export const WRAPPERS: ReadonlySet<string> = new Set([
  'sudo',
  'doas',
  'env',
  'nohup',
  'nice',
  'ionice',
  'time',
  'timeout',
  'setsid',
  'stdbuf',
  'strace',
  'ltrace',
  'xargs',
  'parallel',
  'exec',
  'command',
  'builtin',
  'chroot',
  'unbuffer',
  'busybox',
  'chrt',
  'taskset',
  'systemd-run',
  'firejail',
  'sshpass',
  'faketime',
])

/** Long options whose value is secret whatever the command, by their names. */
export const SECRET_OPTION =
  /^--?(?:[a-z0-9]{1,32}[-_.]){0,8}(?:[a-z0-9]{0,32}(?:password|passwd|passphrase|secret|token)|pass(?:code)?|pwd|api[-_]?key|access[-_]?key|secret[-_]?key|account[-_]?key|auth[-_]?key|bearer|credentials?)$/i

/** Names whose value is secret, in `NAME=value`, `name: value` and `"name": "value"`. */
export const SECRET_NAME =
  '(?:[A-Za-z0-9]{1,32}[-_.]){0,8}(?:[A-Za-z0-9]{0,32}(?:password|passwd|passphrase|secret|token|apikey)|pass(?:code|w)?|pwd|api[-_]key|access[-_]?key|secret[-_]?key|private[-_]?key|account[-_]?key|auth[-_]?key|encryption[-_]?key|credentials?)(?:[-_](?:key|value|hash))?'

/** Shell variables whose value is no secret although the name looks like one. */
export const PLAIN_NAMES: ReadonlySet<string> = new Set([
  'PWD',
  'OLDPWD',
  'aws_access_key_id',
  'AWS_ACCESS_KEY_ID',
])

/** Text that is secret wherever it stands; the first group, where there is one, is the secret part. */
export const SECRET_TEXT: readonly RegExp[] = [
  // scheme://user:password@host
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/'"]{0,64}:([^\s@/'"]{1,256})@/gi,
  // Authorization: Bearer …, X-Api-Key: …
  /\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:[a-z]{3,12}\s+)?([^\s"',;]{4,})/gi,
  /\b(?:x-[a-z-]{0,30}(?:key|token|secret|auth)|private-token|job-token|cookie|set-cookie)["']?\s*:\s*["']?([^\s"',;]{4,}(?:;\s*[^\s"',;]+)*)/gi,
  /\bbearer\s+([A-Za-z0-9._~+/=-]{8,})/gi,
  // AWS, GitHub, GitLab, Slack, Google, Stripe, npm, PyPI, Hugging Face, OpenAI, Anthropic, DigitalOcean, SendGrid
  /\b((?:AKIA|ASIA)[A-Z0-9]{16})\b/g,
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /\b(gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-[A-Za-z0-9_-]{16,})/g,
  /\b(xox[abeoprs]-[A-Za-z0-9-]{10,})/g,
  /\b(AIza[A-Za-z0-9_-]{30,})/g,
  /\b((?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,})/g,
  /\b(npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|do[opr]_v1_[a-f0-9]{40,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})/g,
  // JSON web tokens, private keys, crypt(3) hashes
  /\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]+?)(?:-----END|$)/g,
  /(\$(?:1|2[abxy]?|5|6|7|y|gy|argon2id?)\$[A-Za-z0-9./$=,+-]{8,})/g,
]

/** What a text must hold for any rule but those of `COMMANDS` to match: most texts do not. */
export const SUSPICIOUS =
  /pass|pwd|secret|token|key|credential|auth|bearer|cookie|:\/\/[^\s@]{0,400}@|AKIA|ASIA|gh[pousr]_|github_pat|gl[a-z]{2,5}-|xox|AIza|[spr]k[_-]|npm_|pypi-|hf_|do[opr]_v1|SG\.|eyJ|\$(?:[12567y]|gy|argon)/i

/** Commands that read a secret from their input: what is piped or handed to them is one. */
export const READS_SECRET: ReadonlyMap<string, readonly string[]> = new Map([
  ['chpasswd', []],
  ['passwd', ['--stdin']],
  ['sudo', ['-S', '--stdin']],
  ['su', []],
  ['docker', ['--password-stdin']],
  ['podman', ['--password-stdin']],
  ['buildah', ['--password-stdin']],
  ['helm', ['--password-stdin']],
  ['oras', ['--password-stdin']],
  ['cryptsetup', []],
  ['gpg', ['--passphrase-fd']],
  ['gpg2', ['--passphrase-fd']],
  ['kinit', []],
  ['smbpasswd', ['-s']],
  ['htpasswd', ['-i', '-ni', '-bi']],
  ['openssl', ['stdin', '-stdin']],
  ['gh', ['--with-token']],
  ['ssh-add', ['-']],
  ['newusers', []],
  ['mkpasswd', ['-s', '--stdin']],
])
