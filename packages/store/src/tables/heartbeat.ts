import { table } from '../schema.js'

export const HEARTBEAT = table('Heartbeat', 'Signs of life of the agents, a row a minute each', {
  Computer: 'string',
  Category: 'string',
  ComputerIP: 'string',
  OSType: 'string',
  OSName: 'string',
  OSMajorVersion: 'string',
  OSMinorVersion: 'string',
  Version: 'string',
  SourceComputerId: 'string',
  SourceSystem: 'string',
  ResourceId: 'string',
  Solutions: 'string',
  TenantId: 'string',
})
