import { urlFrom } from '../shared/url';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import {
  type AddressRange,
  hostOf,
  isCloudMetadata,
  isPublic,
  isWithin,
  parseAddress,
  rangesOf,
} from './address-ranges';
import { EgressProxy, type EgressProxyOptions } from './egress-proxy';
import { canonicalHost, isLocalName, isMetadataName, isPrivateName } from './host-names';
import { portOf, portRule } from './ports';

export interface AddressPolicyOptions {
  /**
   * What may be sent to although it is not on the public internet: an IP address, a CIDR (`'10.1.0.0/16'`), a host
   * name (`'receiver.internal'`, whatever it resolves to), `'loopback'` or `'private'` (RFC 1918 and unique local).
   * The addresses that clouds serve machine credentials from stay refused whatever this says.
   * @default []
   */
  allow?: readonly string[];
  /**
   * The only ports that may be sent to, such as `[443]`.
   * @default every port but those of well-known services that do not speak HTTP, such as SMTP, SSH and databases
   */
  ports?: readonly number[];
  /**
   * The proxy that every request goes through: its URL, or that with more to say. Proxies named by environment
   * variables are never used.
   * @default none
   */
  proxy?: string | EgressProxyOptions;
}

/** Why a URL may not be sent to. */
export interface UrlRefusal {
  readonly reason: 'length' | 'malformed' | 'scheme' | 'credentials' | 'fragment' | 'port' | 'address';
  /** One sentence for whoever entered the URL. */
  readonly detail: string;
}

/** What is said of every refused address, literal or resolved, so that nobody can map a network by asking. */
export const ADDRESS_NOT_ALLOWED = 'The address of this endpoint is not allowed.';

const MAX_URL_LENGTH = 2048;

/**
 * Decides which addresses may be sent to: those of the public internet, and those that the host allows.
 * @throws WebhooksConfigurationError when an option is wrong
 */
export class AddressPolicy {
  /** What all connections have to go through, where there is such a thing. */
  readonly proxy: EgressProxy | undefined;
  private readonly ranges: readonly AddressRange[];
  private readonly hosts: ReadonlySet<string>;
  private readonly permitsPort: (port: number) => boolean;

  constructor(options: AddressPolicyOptions = {}) {
    const entries = allowList(options.allow ?? []);
    this.ranges = entries.flatMap(rangesOf);
    this.hosts = new Set(entries.filter((entry) => rangesOf(entry).length === 0).map(hostOf));
    this.permitsPort = portRule(options.ports);
    this.proxy = options.proxy === undefined ? undefined : new EgressProxy(options.proxy);
  }

  /**
   * Judges a URL without resolving its host name: scheme, credentials, length, port, an address spelled out in it.
   * A name that passes is judged again, by its addresses, whenever a connection is made.
   */
  judgeUrl(text: string): UrlRefusal | undefined {
    if (text.length > MAX_URL_LENGTH) return refuse('length', `The URL is longer than ${MAX_URL_LENGTH} characters.`);
    const url = urlFrom(text);
    if (!url) return refuse('malformed', 'The URL is not an absolute URL.');
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return refuse('scheme', 'The URL does not begin with https:// or http://.');
    if (url.username || url.password) return refuse('credentials', 'The URL contains a user name or a password.');
    if (text.includes('#')) return refuse('fragment', 'The URL contains a fragment (#…), which is never sent.');
    if (!this.permitsHost(url.hostname)) return refuse('address', ADDRESS_NOT_ALLOWED);
    if (!this.permitsPort(portOf(url))) return refuse('port', 'The port of this endpoint is not allowed.');
    return undefined;
  }

  /**
   * Whether a connection to an IP address may be made.
   * @param host the name that resolved to the address, where there is one
   */
  permits(address: string, host?: string): boolean {
    const parsed = parseAddress(address);
    if (!parsed || isCloudMetadata(parsed)) return false;
    return isPublic(parsed) || this.ranges.some((range) => isWithin(parsed, range)) || this.allowsHost(host);
  }

  private permitsHost(hostname: string): boolean {
    const literal = hostname.replace(/^\[|\]$/g, '');
    return parseAddress(literal) ? this.permits(literal) : this.permitsName(canonicalHost(hostname));
  }

  /** Names that only a private network knows are refused unresolved: or else the answer would tell which ones exist. */
  private permitsName(host: string): boolean {
    if (isMetadataName(host)) return false;
    if (this.hosts.has(host)) return true;
    if (isLocalName(host)) return this.permits('127.0.0.1') || this.permits('::1');
    return !isPrivateName(host) || this.ranges.length > 0;
  }

  private allowsHost(host?: string): boolean {
    return host !== undefined && this.hosts.has(canonicalHost(host));
  }
}

function allowList(allow: unknown): string[] {
  if (Array.isArray(allow) && allow.every((entry) => typeof entry === 'string')) return allow;
  throw new WebhooksConfigurationError(`Expected network.allow to be a list of texts, got ${JSON.stringify(allow)}.`);
}

function refuse(reason: UrlRefusal['reason'], detail: string): UrlRefusal {
  return { reason, detail };
}
