/** What the overview asks, as KQL that anyone can open and change. */

/** The open incidents as they are now; the table has a row a change. */
export const OPEN_INCIDENTS = `SecurityIncident
| summarize arg_max(LastModifiedTime, *) by IncidentNumber
| where Status != "Closed"
| summarize Incidents = count() by Severity, Status`

export const RECENT_INCIDENTS = `SecurityIncident
| summarize arg_max(LastModifiedTime, *) by IncidentNumber
| where Status != "Closed"
| extend Rank = case(Severity == "High", 3, Severity == "Medium", 2, Severity == "Low", 1, 0)
| sort by Rank desc, LastActivityTime desc
| take 7
| project IncidentNumber, Title, Severity, Status, LastActivityTime`

export const eventsOverTime = (span: string) => `AuditEvent
| extend Kind = case(Result == "failed" or Result == "failure" or Result == "no", "failed", AuditUser !in ("", "unset") and EffectiveUser == "root", "as root", "other")
| summarize Events = count() by bin(TimeGenerated, ${span}), Kind`

export const HOSTS = `AuditEvent
| summarize Events = count(), LastSeen = max(TimeGenerated), Received = max(_TimeReceived) by Computer
| top 8 by LastSeen`

/** Signs that the log itself is not whole: the kernel's and the daemon's own words, and lines that are no records. */
export const LOSS = `LinuxAuditLog_CL
| where RecordType_s in ("UNPARSED", "DAEMON_ABORT", "DAEMON_ERR", "DAEMON_END", "DAEMON_START")
    or (RecordType_s == "CONFIG_CHANGE" and RawData has_any ("audit_enabled", "audit_backlog_limit"))
    or RawData has_any ("audit_lost", "backlog limit exceeded")
| summarize Records = count(), Latest = max(TimeGenerated) by Computer, RecordType_s
| top 6 by Latest`

export const PEOPLE = `AuditEvent
| where AuditUser !in ("", "unset")
| summarize Events = count(), AsRoot = countif(EffectiveUser == "root"), Hosts = dcount(Computer) by AuditUser
| top 8 by Events`

export const TECHNIQUES = `SecurityAlert
| where isnotempty(Techniques)
| mv-expand Technique = parse_json(Techniques) to typeof(string)
| summarize Alerts = dcount(SystemAlertId) by Technique
| top 8 by Alerts`

export const NEWEST = 'AuditEvent | summarize Newest = max(TimeGenerated), Oldest = min(TimeGenerated)'

export const COMMANDS = `AuditEvent
| where Category == "process" and AuditUser !in ("", "unset") and isnotempty(ProcessName)
| summarize Runs = count(), AsRoot = countif(EffectiveUser == "root") by ProcessName
| top 8 by Runs`
