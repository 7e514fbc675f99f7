/** Every way to write an IPv4 address as the host of a URL that leads there, or to whatever translates it. */
const spellings: Record<string, (bytes: readonly number[]) => string> = {
  dotted: (bytes) => bytes.join('.'),
  'with a trailing dot': (bytes) => `${bytes.join('.')}.`,
  decimal: (bytes) => String(whole(bytes)),
  hexadecimal: (bytes) => `0x${whole(bytes).toString(16)}`,
  'hexadecimal in capitals': (bytes) => `0X${whole(bytes).toString(16).toUpperCase()}`,
  octal: (bytes) => `0${whole(bytes).toString(8)}`,
  'octal parts': (bytes) => bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
  'octal parts with many zeros': (bytes) => bytes.map((byte) => `000000${byte.toString(8)}`).join('.'),
  'hexadecimal parts': (bytes) => bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
  'mixed parts': ([a, b, c, d]) => `0x${a!.toString(16)}.${b}.0${c!.toString(8)}.${d}`,
  'two parts': ([a, ...rest]) => `${a}.${whole(rest)}`,
  'three parts': ([a, b, ...rest]) => `${a}.${b}.${whole(rest)}`,
  'full-width digits': (bytes) => bytes.join('.').replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + +digit)),
  'mathematical digits': (bytes) => bytes.join('.').replace(/\d/g, (digit) => String.fromCodePoint(0x1d7d8 + +digit)),
  'ideographic full stops': (bytes) => bytes.join('。'),
  'half-width full stops': (bytes) => bytes.join('｡'),
  'percent-encoded': (bytes) => [...bytes.join('.')].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join(''),
  'a soft hyphen within': (bytes) => bytes.join('.').replace('.', '\u00ad.'),
  'a tab within': (bytes) => bytes.join('.').replace('.', '.\t'),
};

/** Every way to write an IPv4 address as an IPv6 one. */
const disguises: Record<string, (bytes: readonly number[]) => string> = {
  mapped: (bytes) => `::ffff:${bytes.join('.')}`,
  'mapped in hexadecimal': (bytes) => `::ffff:${groups(bytes)}`,
  'mapped in full': (bytes) => `0:0:0:0:0:FFFF:${groups(bytes)}`,
  compatible: (bytes) => `::${bytes.join('.')}`,
  translated: (bytes) => `::ffff:0:${groups(bytes)}`,
  NAT64: (bytes) => `64:ff9b::${bytes.join('.')}`,
  'local NAT64, 96 bits': (bytes) => `64:ff9b:1::${groups(bytes)}`,
  'local NAT64, 48 bits': ([a, b, c, d]) => `64:ff9b:1:${hex(a!, b!)}:${hex(0, c!)}:${hex(d!, 0)}::`,
  'local NAT64, 64 bits': ([a, b, c, d]) => `64:ff9b:1:0:${hex(0, a!)}:${hex(b!, c!)}:${hex(d!, 0)}:0`,
  '6to4': (bytes) => `2002:${groups(bytes)}::1`,
  'a Teredo client': (bytes) => `2001:0:4136:e378:8000:63bf:${groups(bytes.map((byte) => byte ^ 0xff))}`,
  'a Teredo server': (bytes) => `2001:0:${groups(bytes)}:8000:63bf:a247:28f1`,
  'ISATAP, link-local': (bytes) => `fe80::5efe:${groups(bytes)}`,
};

/** One of each kind of IPv4 address that is not on the public internet, or hands out credentials. */
export const refusedV4 = [
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.175.48.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];

const refusedV6 = [
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '100::1',
  '2001:2::1',
  '2001:3::1',
  '2001:4:112::1',
  '2001:10::1',
  '2001:20::1',
  '2001:30::1',
  '2001:1ff::1',
  '2001:db8::1',
  '2620:4f:8000::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fd00:42::42',
  'fd20:ce::254',
  'fe80::1',
  'fe80::a9fe:a9fe',
  'fec0::1',
  'ff02::1',
  // ISATAP below a prefix that is public, and a NAT64 prefix of some network's own.
  '2606:4700::5efe:10.0.0.1',
  '2606:4700::200:5efe:7f00:1',
  '2606:4700:64::a9fe:a9fe',
];

export const publicAddresses = ['93.184.215.14', '1.1.1.1', '223.255.255.254', '2606:4700::1111', '2a00:1450::1'];

export interface Vector {
  readonly name: string;
  /** As a URL spells it. */
  readonly host: string;
}

/** Addresses that are refused, as URLs spell them. */
export const refusedHosts: readonly Vector[] = [
  ...refusedV4.flatMap((address) => spelled(address, spellings)),
  ...refusedAddresses()
    .filter((address) => address.includes(':'))
    .map((address) => ({ name: address, host: `[${address}]` })),
];

/** Addresses that are refused, as DNS answers spell them. */
export function refusedAddresses(): string[] {
  return [...refusedV4, ...refusedV6, ...refusedV4.flatMap(disguised).map(({ host }) => host)];
}

/** An address in every IPv4 spelling. */
export function spelled(address: string, ways = spellings): Vector[] {
  return Object.entries(ways).map(([way, spell]) => ({ name: `${address}, ${way}`, host: spell(bytesOf(address)) }));
}

/** An address in every IPv6 disguise. */
export function disguised(address: string): Vector[] {
  return spelled(address, disguises);
}

function bytesOf(address: string): number[] {
  return address.split('.').map(Number);
}

function whole(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function groups([a, b, c, d]: readonly number[]): string {
  return `${hex(a!, b!)}:${hex(c!, d!)}`;
}

function hex(high: number, low: number): string {
  return (high * 256 + low).toString(16);
}
