/** A database server that the run may use, or why there is none. */
export type Server = { url: string } | { missing: string };

export const SERVER_KINDS = ['postgres', 'mysql'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];
export type Servers = Record<ServerKind, Server>;

// Jest's workers are processes of their own: what the global setup found reaches them through the environment.
const VARIABLE = 'WEBHOOKS_TEST_SERVERS';

export function announceServers(servers: Servers): void {
  process.env[VARIABLE] = JSON.stringify(servers);
}

export function announcedServers(): Servers {
  const announced = process.env[VARIABLE];
  if (announced) return JSON.parse(announced) as Servers;
  throw new Error('Nobody looked for databases. Run the specs with: npx jest --config test/jest.config.cjs');
}

/** The servers that must be there, from `WEBHOOKS_TEST_REQUIRE=postgres,mysql`. */
export function requiredServers(): ServerKind[] {
  const names = (process.env.WEBHOOKS_TEST_REQUIRE ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '').map(serverKind);
}

function serverKind(name: string): ServerKind {
  const kind = SERVER_KINDS.find((known) => known === name);
  if (kind) return kind;
  throw new Error(`Expected WEBHOOKS_TEST_REQUIRE to list ${SERVER_KINDS.join(' or ')}, got "${name}".`);
}
