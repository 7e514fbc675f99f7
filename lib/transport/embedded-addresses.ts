import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

type Bytes = readonly number[];

interface Transition {
  /** Whether an IPv6 address is of this kind. */
  readonly has: (address: ipaddr.IPv6, bytes: Bytes) => boolean;
  /** Where the IPv4 addresses are that a packet sent to it may be sent on to: four bytes each. */
  readonly places: readonly (readonly number[])[];
}

const last = [12, 13, 14, 15];

/** The ways to write an IPv4 address as an IPv6 one, so that some machine on the way translates or unpacks it. */
const transitions: readonly Transition[] = [
  // IPv4-compatible: RFC 4291, section 2.5.5.1.
  { has: within('::/96'), places: [last] },
  // IPv4-translated: RFC 7915.
  { has: within('::ffff:0:0:0/96'), places: [last] },
  // NAT64: RFC 6052.
  { has: within('64:ff9b::/96'), places: [last] },
  // NAT64 of the network's own, RFC 8215: below it, prefixes of 48, 56, 64 and 96 bits. Byte 8 carries nothing.
  { has: within('64:ff9b:1::/48'), places: [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], last] },
  // 6to4: RFC 3056.
  { has: within('2002::/16'), places: [[2, 3, 4, 5]] },
  // Teredo, RFC 4380: its server. The client is written with every bit turned over.
  { has: within('2001::/32'), places: [[4, 5, 6, 7]] },
  // ISATAP, RFC 5214: below any prefix.
  { has: (_, bytes) => /^[02],0,94,254$/.test(bytes.slice(8, 12).join()), places: [last] },
];

/** The IPv4 addresses that an IPv6 address may be translated to on its way; none for most. */
export function embeddedAddresses(address: Address): readonly ipaddr.IPv4[] {
  if (!isV6(address)) return [];
  const bytes = address.toByteArray();
  const found = transitions.filter(({ has }) => has(address, bytes));
  const embedded = found.flatMap(({ places }) => places.map((place) => at(bytes, place)));
  return isTeredo(address) ? [...embedded, at(bytes.map(turnedOver), last)] : embedded;
}

/** The last 32 bits of an IPv6 address as an IPv4 one. */
export function lastBits(address: Address): ipaddr.IPv4 {
  return at(address.toByteArray(), last);
}

function isV6(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6';
}

function isTeredo(address: ipaddr.IPv6): boolean {
  return address.range() === 'teredo';
}

function turnedOver(byte: number): number {
  return byte ^ 0xff;
}

function at(bytes: Bytes, places: readonly number[]): ipaddr.IPv4 {
  return new ipaddr.IPv4(places.map((place) => bytes[place]!));
}

function within(cidr: string): (address: ipaddr.IPv6) => boolean {
  const [network, prefix] = ipaddr.IPv6.parseCIDR(cidr);
  return (address) => address.match(network, prefix);
}
