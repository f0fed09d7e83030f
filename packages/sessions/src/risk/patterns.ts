/**
 * What makes a session worth a look, as data: command lines and typed lines that say something by themselves. The
 * points are chances in a hundred that somebody should look; they add up as chances do. To add one, add a line.
 */
export interface CommandPattern {
  readonly factor: string
  readonly points: number
  readonly text: string
  readonly pattern: RegExp
}

export const COMMAND_PATTERNS: readonly CommandPattern[] = [
  {
    factor: 'audit-tampering',
    points: 60,
    text: 'turned auditing off or weakened it',
    pattern:
      /\bauditctl\s+(?:.*\s)?-(?:e\s*0|D|d|W|r\s*[0-9]|b\s*[0-9]{1,3}\b)|\b(?:systemctl|service)\s+(?:.*\s)?(?:stop|disable|mask|kill)\s+(?:.*\s)?(?:auditd|rsyslog|systemd-journald)|\bservice\s+(?:auditd|rsyslog)\s+stop|\b(?:pkill|killall)\s+(?:.*\s)?(?:auditd|rsyslogd)/,
  },
  {
    factor: 'history-hidden',
    points: 30,
    text: 'kept the shell from writing its history',
    pattern:
      /\bunset\s+HIST|\bHIST(?:FILE|SIZE|FILESIZE|CONTROL)=(?:0\b|\/dev\/null|['"]?['"]?(?:\s|$))|\bhistory\s+-c|\bset\s+\+o\s+history|\bln\s+-[a-z]*s[a-z]*\s+\/dev\/null\s+\S*history|\b(?:rm|shred|truncate)\s+.*_history/,
  },
  {
    factor: 'traces-removed',
    points: 30,
    text: 'emptied or removed logs',
    pattern:
      /\b(?:rm|shred|truncate|unlink)\s+(?:.*\s)?\/var\/log\/|>\s*\/var\/log\/|\/dev\/null\s*>\s*\/var\/log\/|\bjournalctl\s+(?:.*\s)?--vacuum|\b(?:wtmpclean|logtamper|utmpdump\s+.*-r)\b/,
  },
  {
    factor: 'reverse-shell',
    points: 60,
    text: 'connected a shell to the network',
    pattern:
      /\/dev\/(?:tcp|udp)\/|\bn(?:c|cat|etcat)\b.*\s-(?:[a-z]*e|c)\s|\bsocat\b.*\b(?:exec|system):|\bmkfifo\b.*\|\s*n(?:c|cat)\b|\bpython[0-9.]*\s+-c\s.*socket.*(?:dup2|pty\.spawn|subprocess)|\bperl\b.*\bSocket\b.*\bexec\b|\bphp\b.*fsockopen|\bruby\b.*TCPSocket|\bbash\s+-i\s*>?&/s,
  },
  {
    factor: 'download-and-run',
    points: 35,
    text: 'ran what was downloaded in the same breath',
    pattern:
      /\b(?:curl|wget|fetch)\b[^|;&]*\|\s*(?:sudo\s+)?(?:\S*\/)?(?:ba|da|z|k|a)?sh\b|\b(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+)?(?:python|perl|ruby)|(?:ba)?sh\s+(?:-c\s+["']?)?\$?[<(]\s*\(?\s*(?:curl|wget)\b/,
  },
  {
    factor: 'decoded-and-run',
    points: 35,
    text: 'ran what was decoded',
    pattern:
      /\b(?:base64|base32|xxd|openssl)\b[^|]*(?:-d|-D|--decode|-r|enc)[^|]*\|\s*(?:sudo\s+)?(?:\S*\/)?(?:ba|da|z|k)?sh\b/,
  },
  {
    factor: 'setuid-made',
    points: 40,
    text: 'made a program setuid, or gave it capabilities',
    pattern:
      /\bchmod\s+(?:.*\s)?(?:[0-7]?[4-7][0-7]{3}\b|[ugoa]*\+[rwx]*s)|\bsetcap\s+\S*(?:setuid|sys_admin|dac_override|sys_ptrace|=\+?e)/,
  },
  {
    factor: 'kernel-module',
    points: 25,
    text: 'loaded a kernel module',
    pattern: /(?:^|[\s;&|/])(?:insmod|modprobe)\s+(?!-[rnl])\S/,
  },
  {
    factor: 'firewall',
    points: 20,
    text: 'opened the firewall',
    pattern:
      /\b(?:iptables|ip6tables)\s+(?:.*\s)?(?:-F|--flush|-X|-P\s+\w+\s+ACCEPT)\b|\bnft\s+flush|\bufw\s+(?:disable|reset)|\bsystemctl\s+(?:stop|disable|mask)\s+(?:firewalld|nftables|ufw)/,
  },
  {
    factor: 'security-off',
    points: 30,
    text: 'turned a protection off',
    pattern:
      /\bsetenforce\s+0|\baa-(?:disable|teardown|complain)\b|randomize_va_space(?:=|\s*.*)0|\bsysctl\s+.*(?:kptr_restrict|dmesg_restrict|ptrace_scope)=0|\bsystemctl\s+(?:stop|disable|mask)\s+(?:apparmor|fail2ban|falcon-sensor|wazuh-agent|osqueryd|clamav)/,
  },
  {
    factor: 'cloud-metadata',
    points: 25,
    text: 'asked the cloud for credentials (169.254.169.254)',
    pattern: /169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200/,
  },
  {
    factor: 'tunnel',
    points: 15,
    text: 'opened a tunnel',
    pattern:
      /\bssh\b(?:\s+\S+)*\s-[A-Za-z]*[RD]\s*\S|\bsocat\b.*-LISTEN:|\bchisel\b|\bngrok\b|\bcloudflared\s+tunnel|\bgs-netcat\b/,
  },
  {
    factor: 'scanning',
    points: 15,
    text: 'scanned or listened on the network',
    pattern:
      /(?:^|[\s;&|/])(?!\S+\s+--?(?:version|help|V|h)\b)(?:nmap|masscan|zmap|rustscan|tcpdump|tshark|ettercap|arpspoof|responder|hydra|medusa|nikto|sqlmap)\s/,
  },
  {
    factor: 'upload',
    points: 15,
    text: 'sent files away',
    pattern:
      /\bcurl\b.*\s(?:-T|--upload-file|-F|--form|--data-binary|-d)\s*\S*@|\bwget\b.*--post-file|\b(?:scp|rsync|sftp)\s+(?:.*\s)?\S+\s+\S+@?\S*:\S*$|\brclone\s+(?:copy|sync|move)/,
  },
  {
    factor: 'credential-search',
    points: 10,
    text: 'searched for passwords',
    pattern:
      /\bgrep\b.*\s-[a-zA-Z]*[rRi][a-zA-Z]*\s.*passw|\bfind\b.*(?:id_rsa|\.pem|passw|credential)|\b(?:mimipenguin|laZagne|linpeas|LinEnum|pspy)\b/i,
  },
  {
    factor: 'setuid-search',
    points: 15,
    text: 'looked for setuid programs',
    pattern: /\bfind\b.*-perm\s+\S*(?:4000|2000|6000|u[=+]s|g[=+]s)/,
  },
  {
    factor: 'namespace-escape',
    points: 25,
    text: 'entered the namespaces of another process',
    pattern: /\bnsenter\s+(?:.*\s)?(?:-t|--target)\s*1\b|\bdocker\s+run\s+.*(?:--privileged|-v\s+\/:)/,
  },
  {
    factor: 'tracing',
    points: 15,
    text: 'read the memory or the calls of another process',
    pattern: /\b(?:strace|ltrace|gdb)\s+(?:.*\s)?-p\s*[0-9$]|\b(?:gcore|memdump)\b/,
  },
]

/** Files whose change says something by itself. */
export interface FilePattern {
  readonly factor: string
  readonly points: number
  readonly text: string
  readonly pattern: RegExp
  /** Uses that count; all but `read` when undefined. */
  readonly kinds?: readonly string[]
}

export const FILE_PATTERNS: readonly FilePattern[] = [
  { factor: 'sudoers', points: 35, text: 'changed who may use sudo', pattern: /^\/etc\/sudoers(?:$|\.d\/)/ },
  {
    factor: 'ssh-keys',
    points: 25,
    text: 'changed the keys that may log in',
    pattern: /\/\.ssh\/authorized_keys/,
  },
  {
    factor: 'cron',
    points: 20,
    text: 'changed scheduled jobs',
    pattern: /^\/etc\/cron|^\/var\/spool\/cron\//,
  },
  {
    factor: 'unit',
    points: 20,
    text: 'changed a service',
    pattern: /^\/(?:etc|usr\/lib|lib)\/systemd\/system\/|^\/etc\/init\.d\//,
  },
  {
    factor: 'preload',
    points: 45,
    text: 'changed what every program loads',
    pattern: /^\/etc\/ld\.so\.(?:preload|conf)/,
  },
  {
    factor: 'pam',
    points: 35,
    text: 'changed how logins are checked',
    pattern: /^\/etc\/pam\.d\/|^\/(?:usr\/)?lib(?:64|\/[^/]+)?\/security\/pam_/,
  },
  {
    factor: 'profile',
    points: 15,
    text: 'changed what shells run at login',
    pattern: /^\/etc\/(?:profile|bash\.bashrc|zsh)|\/\.(?:bashrc|bash_profile|profile|zshrc)$/,
  },
  {
    factor: 'audit-config',
    points: 40,
    text: 'changed the configuration of auditing',
    pattern: /^\/etc\/(?:audit|libaudit\.conf|audisp)/,
  },
  {
    factor: 'log-files',
    points: 30,
    text: 'changed or removed logs',
    pattern: /^\/var\/log\/(?:audit\/|auth\.log|secure|syslog|messages|wtmp|btmp|lastlog)/,
  },
  {
    factor: 'credentials-read',
    points: 20,
    text: 'read credentials',
    pattern:
      /^\/etc\/g?shadow|ssh_host_.*_key|\/\.ssh\/id_|\.aws\/credentials|\.kube\/config|\.netrc|\.pgpass|krb5\.keytab|_history$/,
    kinds: ['read'],
  },
]
