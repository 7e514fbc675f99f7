import { inspect } from 'node:util';
import { WebhooksConfigurationError } from '../shared/webhooks.error';

/**
 * Where something other than HTTP listens, and might take a request for its own commands. The list of the fetch
 * standard (https://fetch.spec.whatwg.org/#port-blocking), …
 */
const fetchRefuses = [
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/** … and what a server's own network has besides: databases, caches, file shares, remote desktops. */
const serversHave = [445, 1433, 1521, 3306, 3389, 5432, 5900, 6379, 9042, 11211, 27017];

const refusedUnlessListed: ReadonlySet<number> = new Set([...fetchRefuses, ...serversHave]);

/**
 * Tells whether a port may be sent to.
 * @param allowed the ports that may; undefined for all but those where no HTTP is expected
 * @throws WebhooksConfigurationError when they are not a list of ports
 */
export function portRule(allowed: readonly number[] | undefined): (port: number) => boolean {
  if (allowed === undefined) return (port) => !refusedUnlessListed.has(port);
  if (!Array.isArray(allowed) || allowed.length === 0 || !allowed.every(isPort)) throw unexpected(allowed);
  const ports: ReadonlySet<number> = new Set(allowed);
  return (port) => ports.has(port);
}

/** The port that a URL leads to. */
export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function isPort(port: unknown): boolean {
  return Number.isInteger(port) && (port as number) > 0 && (port as number) <= 65_535;
}

function unexpected(given: unknown): WebhooksConfigurationError {
  return new WebhooksConfigurationError(
    `Expected network.ports to be a list of ports from 1 to 65535 such as [443], got ${inspect(given)}.`,
  );
}
