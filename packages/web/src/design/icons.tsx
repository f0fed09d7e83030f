/** Drawn for this program on a grid of 24, one stroke; each is decoration beside a word or inside a labelled button. */
import type { CSSProperties } from 'react'

const PATHS = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  incidents: 'M12 3 2.8 19.2a1 1 0 0 0 .9 1.5h16.6a1 1 0 0 0 .9-1.5zM12 10v4.5M12 17.6v.1',
  sessions: 'M4 5h16v14H4zM7.5 9.5l3 2.5-3 2.5M12.5 15H16',
  logs: 'M4 6h16M4 11h10M4 16h7M15.5 18a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM17.8 17.3 20.5 20',
  hunting: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v8M8 12h8M12 2v2M12 20v2M2 12h2M20 12h2',
  analytics: 'M4 20V4M4 20h16M7.5 15.5l3.5-4 3 2.5 4.5-6',
  hosts: 'M4 4.5h16v6H4zM4 13.5h16v6H4zM7.5 7.5h.1M7.5 16.5h.1M11 7.5h5.5M11 16.5h5.5',
  settings:
    'M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM12 3v2.6M12 18.4V21M3 12h2.6M18.4 12H21M5.6 5.6l1.9 1.9M16.5 16.5l1.9 1.9M5.6 18.4l1.9-1.9M16.5 7.5l1.9-1.9',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3 20 20',
  run: 'M7 4.5v15l12-7.5z',
  stop: 'M6.5 6.5h11v11h-11z',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M9 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  up: 'M6 15l6-6 6 6',
  table: 'M4 5h16v14H4zM4 10h16M10 10v9',
  function: 'M15.5 4.5h-1A2.5 2.5 0 0 0 12 7v10a2.5 2.5 0 0 1-2.5 2.5h-1M8 11h8',
  chart: 'M5 20v-7M10 20V9M15 20v-5M20 20V5',
  copy: 'M9 9h10.5v10.5H9zM5 15H4.5V4.5H15V5',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14',
  link: 'M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7L12 17.7',
  history: 'M4 12a8 8 0 1 0 2.4-5.7L4 8.5M4 4v4.5h4.5M12 8v4.3l3 1.7',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5v4.7l3.2 1.9',
  columns: 'M4 5h16v14H4zM9.3 5v14M14.7 5v14',
  filter: 'M4 5h16l-6.3 7.5V19l-3.4-2v-4.5z',
  user: 'M12 11.5a3.7 3.7 0 1 0 0-7.5 3.7 3.7 0 0 0 0 7.5zM5 20a7 7 0 0 1 14 0',
  root: 'M12 3l2.6 5.6 6 .7-4.4 4.1 1.2 6-5.4-3-5.4 3 1.2-6L3.4 9.3l6-.7z',
  host: 'M4 5h16v11H4zM9 20h6M12 16v4',
  file: 'M6 3.5h8L18.5 8v12.5h-12.5zM14 3.5V8h4.5',
  address:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c2.4 2.4 3.6 5.2 3.6 8.5s-1.2 6.1-3.6 8.5c-2.4-2.4-3.6-5.2-3.6-8.5S9.6 5.9 12 3.5z',
  process: 'M5 5h14v14H5zM9 9h6v6H9zM9 2v3M15 2v3M9 19v3M15 19v3M2 9h3M2 15h3M19 9h3M19 15h3',
  key: 'M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h8.5M17.5 12v3.5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  screen: 'M4 5h16v11H4zM9 20h6',
  keyboard: 'M3 7h18v10H3zM6.5 10.3h.1M10 10.3h.1M13.5 10.3h.1M17 10.3h.1M8 13.8h8',
  dots: 'M5.5 12h.1M12 12h.1M18.5 12h.1',
  external: 'M13 5h6v6M19 5l-8 8M17 14v5H5V7h5',
  refresh: 'M20 12a8 8 0 1 1-2.4-5.7L20 8.5M20 4v4.5h-4.5',
  warning: 'M12 3 2.8 19.2a1 1 0 0 0 .9 1.5h16.6a1 1 0 0 0 .9-1.5zM12 10v4.5M12 17.6v.1',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.7v.1',
  error: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5v5.5M12 16.2v.1',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z',
  save: 'M5 4h11l4 4v12H4V4zM8 4v5h7V4M8 20v-6h8v6',
  format: 'M4 6h16M8 11h12M8 16h8M4 11h.1M4 16h.1',
  graph:
    'M6.5 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM17.5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.5 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.6 7.3l6.7 2.4M7 8.4l1.1 7.2M10.4 16.4l5.2-4.3',
  playbook: 'M13 3 5 14h6l-1 7 8-11h-6z',
  comment: 'M4 5h16v11H10l-4 4v-4H4z',
  task: 'M5 5h14v14H5zM8.5 12l2.5 2.5 4.5-5',
  tag: 'M4 4h8l8 8-8 8-8-8zM8.3 8.3h.1',
  edit: 'M4.5 19.5l1-4L15.8 5.2l3 3L8.5 18.5zM13.5 7.5l3 3',
  trash: 'M5 7h14M10 4h4M7 7l.8 13h8.4L17 7M10.2 11v5M13.8 11v5',
  panel: 'M4 5h16v14H4zM9 5v14',
  expand: 'M9 4H4v5M15 20h5v-5M4 4l6 6M20 20l-6-6',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  signout: 'M14 4H5v16h9M17 8l4 4-4 4M21 12H10',
  shield: 'M12 3l8 3v6c0 4.6-3.2 7.6-8 9-4.8-1.4-8-4.4-8-9V6z',
  play: 'M7 4.5v15l12-7.5z',
  pause: 'M8 5v14M16 5v14',
} as const

export type IconName = keyof typeof PATHS

const FILLED = new Set<IconName>(['run', 'play', 'stop'])

export function Icon({ name, size = 16, style }: { name: IconName; size?: number; style?: CSSProperties }) {
  const filled = FILLED.has(name)
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none', ...style }}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The mark: a bird over the quartered sky that an augur watches. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <rect x="1" y="1" width="22" height="22" rx="6" fill="var(--accent)" />
      <path d="M12 3.5v17M3.5 12h17" stroke="var(--on-accent)" strokeOpacity=".35" strokeWidth="1.2" />
      <path
        d="M4.5 9.5c2.8-.6 5.600 .8 7.500 4.300 1.900-3.500 4.700-4.900 7.500-4.300"
        stroke="var(--on-accent)"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
