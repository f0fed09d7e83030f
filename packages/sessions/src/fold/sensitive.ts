/** Files that hold secrets or rule who may do what: reading one is worth a line, and changing one all the more. */

const SENSITIVE: readonly RegExp[] = [
  /^\/etc\/(?:g?shadow-?|sudoers(?:\.d\/.+)?|security\/opasswd|krb5\.keytab|ipsec\.secrets|ppp\/.*-secrets)$/,
  /^\/etc\/ssh\/ssh_host_[a-z0-9]+_key$/,
  /^\/etc\/(?:ssl|pki|letsencrypt)\/.*(?:private|\.key$|privkey)/,
  /\/\.ssh\/(?:id_[a-z0-9_]+|authorized_keys2?|known_hosts|config)$/,
  /\/(?:\.aws\/credentials|\.kube\/config|\.docker\/config\.json|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.vault-token|\.config\/gcloud\/.*|\.azure\/.*)$/,
  /\/\.gnupg\/(?:private-keys|secring)/,
  /\/\.(?:bash|zsh|sh|ksh|python|mysql|psql|rediscli)_?history$/,
  /^\/var\/log\/(?:audit\/|auth\.log|secure|wtmp|btmp|lastlog|faillog)/,
  /^\/etc\/(?:audit\/|passwd-?$|group-?$|pam\.d\/|security\/|cron|crontab|systemd\/system\/|ld\.so\.preload$|profile|bash\.bashrc$|hosts\.(?:allow|deny)$|rc\.local$|init\.d\/|modprobe\.d\/|sysctl)/,
  /^\/var\/spool\/cron\//,
  /^\/proc\/(?:kcore|sys\/kernel\/|[0-9]+\/mem$)/,
  /^\/dev\/(?:mem|kmem|sd[a-z]|nvme|vd[a-z]|mapper\/)/,
]
/** Of these a read is worth a line; the others are read by everybody. */
const SECRET: readonly RegExp[] = SENSITIVE.slice(0, 7)

/** Programs that read them because it is their task. */
const ENTITLED =
  /^(?:sshd|sshd-session|sudo|su|login|runuser|passwd|chage|chpasswd|chsh|chfn|gpasswd|newgrp|pwck|grpck|unix_chkpwd|unix_update|useradd|usermod|userdel|groupadd|groupmod|groupdel|visudo|cron|crond|crontab|atd|systemd|systemd-logind|systemd-userdbd|\(systemd\)|polkitd|pkexec|accounts-daemon|gdm-session-wor|lightdm|sddm-helper|doas|ssh|ssh-agent|ssh-add|scp|sftp-server|git|aws|kubectl|docker|curl|psql|mysql|gpg|gpg-agent|auditd|auditctl|ausearch|aureport|aulast|rsyslogd|systemd-journal|logrotate|bash|sh|zsh|dash)$/

export function isSensitive(path: string): boolean {
  return SENSITIVE.some((pattern) => pattern.test(path))
}

/** Whether it is worth a line that this program read the file. */
export function isTellingRead(path: string, program: string): boolean {
  return SECRET.some((pattern) => pattern.test(path)) && !ENTITLED.test(program)
}

/** Terminals, sinks and sockets: written to all the time, and nothing is kept. */
const UNINTERESTING =
  /^\/dev\/(?:null|zero|full|tty|console|ptmx|log|random|urandom|shm\/?$|pts\/|stdout|stderr|fd\/)|^\/proc\/(?:self|[0-9]+)\/(?:fd|task|oom|loginuid|attr)|^(?:pipe|socket|anon_inode):/

export function isUninteresting(path: string): boolean {
  return path === '' || UNINTERESTING.test(path)
}

/** What a login itself writes: changed by another program it is worth a line. */
export function isLoginRecord(path: string): boolean {
  return /^\/var\/log\/(?:wtmp|btmp|lastlog|faillog|tallylog)|^\/(?:var\/)?run\/(?:motd|utmp|user\/|sshd)/.test(
    path,
  )
}
