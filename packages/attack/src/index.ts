/** MITRE ATT&CK for Enterprise as data: tactics, techniques, and what the ids of older rules are called today. */
export { RENUMBERED_IN_19, RETIRED, type Retirement } from './retired.js'
export { TACTICS, type Tactic, tacticNames } from './tactics.js'
export { TECHNIQUES, type Technique } from './techniques.js'
