import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { urlFrom } from '../shared/url';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { canonicalHost } from './host-names';
import { type Address, embeddedAddresses, lastBits } from './embedded-addresses';

export type AddressRange = [Address, number];

const named: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Where clouds hand credentials to whoever asks: AWS and most others, Azure, Alibaba, Oracle; AWS, Oracle, Google, Scaleway on IPv6. */
const metadata = [
  '169.254.0.0/16',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd00:c1::a9fe:a9fe/128',
  'fd20:ce::254/128',
  'fd00:42::42/128',
].map(range);

/** Those of them that are IPv4 and a single address. */
const wellKnownMetadata = new Set(
  '169.254.169.254 169.254.170.2 169.254.170.23 168.63.129.16 100.100.100.200 192.0.0.192'.split(' '),
);

const global6 = range('2000::/3');

/** The address that a text spells, an IPv4-mapped one as its IPv4; undefined when it spells none. */
export function parseAddress(text: string): Address | undefined {
  return isIP(text) ? ipaddr.process(text) : undefined;
}

/** Whether the address belongs to the public internet, and so does every IPv4 address that it may be translated to. */
export function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') return true;
  return isWithin(address, global6) && embeddedAddresses(address).every(isPublic);
}

/** Whether the address is one that a cloud serves machine credentials from, or may be translated to such a one. */
export function isCloudMetadata(address: Address): boolean {
  if (metadata.some((range) => isWithin(address, range))) return true;
  if (address.kind() === 'ipv4') return false;
  return endsInMetadata(address) || embeddedAddresses(address).some(isCloudMetadata);
}

/**
 * Any network may have a NAT64 prefix of its own, which nobody can tell from other addresses (RFC 6052, section 2.2).
 * So the last 32 bits alone give an address away, if they spell one of those that everybody knows.
 */
function endsInMetadata(address: Address): boolean {
  return wellKnownMetadata.has(lastBits(address).toString());
}

export function isWithin(address: Address, [network, prefix]: AddressRange): boolean {
  return address.kind() === network.kind() && address.match(network, prefix);
}

/** The ranges that an entry of an allow list stands for; none when it is a host name. */
export function rangesOf(entry: string): AddressRange[] {
  const ranges = named[entry];
  if (ranges) return ranges.map(range);
  return isIP(entry) || entry.includes('/') ? [range(entry)] : [];
}

/** The host name that an entry of an allow list stands for. */
export function hostOf(entry: string): string {
  const url = `http://${entry}`;
  const host = /^[^\s/?#@:*\\[\]]+$/.test(entry) ? urlFrom(url)?.hostname : undefined;
  if (!host || isIP(host)) throw malformed(entry);
  return canonicalHost(host);
}

function range(text: string): AddressRange {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const longest = isIP(address) === 4 ? 32 : 128;
  const length = prefix === undefined ? longest : Number(prefix);
  if (!isIP(address) || length > longest) throw malformed(text);
  return [ipaddr.parse(address), length];
}

function malformed(entry: unknown): WebhooksConfigurationError {
  return new WebhooksConfigurationError(
    'Expected every entry of network.allow to be an IP address, a CIDR such as "10.1.0.0/16", a host name, ' +
      `"loopback" or "private", got ${JSON.stringify(entry)}.`,
  );
}
