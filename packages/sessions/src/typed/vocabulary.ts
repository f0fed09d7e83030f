/** What a shell does by itself, as data. */

/** Commands that need no process: bash, zsh, dash and ksh together. */
export const BUILTINS: ReadonlySet<string> = new Set(
  '. : [ [[ ]] alias autoload bg bind bindkey break builtin caller cd chdir compdef compgen complete compopt continue declare dirs disown echo echotc emulate enable eval exec exit export false fc fg float functions getopts hash help history hup in integer jobs kill let limit local log logout mapfile noglob popd print printf pushd pwd r read readarray readonly rehash return sched set setopt shift shopt source suspend test times trap true ttyctl type typeset ulimit umask unalias unfunction unhash unlimit unset unsetopt vared wait whence where which zle zmodload zstyle'.split(
    ' ',
  ),
)

/** Builtins that may start anything. */
export const OPAQUE: ReadonlySet<string> = new Set(['.', 'source', 'eval', 'fc', 'r', 'trap', 'fg', 'bg'])

/** Builtins that run the command behind them. */
export const TRANSPARENT: ReadonlySet<string> = new Set([
  'command',
  'builtin',
  'exec',
  'noglob',
  'nocorrect',
  'then',
  'else',
  'do',
  '!',
  'time',
  '-',
  'elif',
])

/** Aliases that distributions set, and that a line may use without having defined them. */
export const ALIASES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    ll: ['ls -alF', 'ls -l', 'ls -la', 'ls -lh', 'ls -alh'],
    la: ['ls -A', 'ls -la', 'ls -a'],
    l: ['ls -CF', 'ls -lah', 'ls'],
    dir: ['dir', 'ls'],
    vdir: ['vdir', 'ls -l'],
    egrep: ['grep -E'],
    fgrep: ['grep -F'],
    vi: ['vim', 'nvim'],
    vim: ['nvim', 'vi'],
    md: ['mkdir -p', 'mkdir'],
    rd: ['rmdir'],
    h: ['history'],
    g: ['git'],
    k: ['kubectl'],
    d: ['docker'],
    dc: ['docker compose', 'docker-compose'],
    python: ['python3'],
    pip: ['pip3'],
    which: ['/usr/bin/which'],
    '..': ['cd ..'],
    '...': ['cd ../..'],
  }),
)

/** What a shell runs at its start and end without being told, and around each prompt. */
export const SHELL_FILES: ReadonlySet<string> = new Set(
  'id dircolors lesspipe lesspipe.sh basename dirname locale tput stty tty grep sed awk cut uname hostname groups mesg clear_console clear test-c tset infocmp consoletype dircolor flatpak dbus-update-activation-environment whoami readlink ls expr cat tr head env pidof ps date git kubectl debian_chroot fzf starship direnv zoxide mise vte-urlencode-cwd command-not-found cnf-lookup gawk find touch mkdir seq sort'.split(
    ' ',
  ),
)
