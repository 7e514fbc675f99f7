import http from 'node:http';
import { isIP, type Socket } from 'node:net';
import tls, { type SecureContextOptions } from 'node:tls';
import { urlFrom } from '../shared/url';
import { WebhooksConfigurationError, WebhooksError } from '../shared/webhooks.error';
import { portOf } from './ports';

export interface EgressProxyOptions {
  /** Where it is: `http://proxy.internal:3128`, or `https://`; with a user name and a password where it wants them. */
  url: string;
  /**
   * Who resolves the host names of endpoints. `'here'`: this process, which judges every address and asks the proxy for
   * one of these. `'proxy'`: the proxy, which then has to refuse private addresses itself, as Smokescreen does; only
   * literal addresses and local names are judged here.
   * @default 'here'
   */
  resolve?: 'here' | 'proxy';
  /** Which certificates to trust of a proxy at an `https:` URL. @default Node's own list */
  ca?: SecureContextOptions['ca'];
}

/** The egress proxy made no connection, for whatever reason: to tell which would tell of the network behind it. */
export class EgressProxyError extends WebhooksError {
  override readonly code = 'WEBHOOKS_PROXY_FAILED';

  constructor(options?: ErrorOptions) {
    super('No connection could be made through the egress proxy.', options);
  }
}

export type Opened = (...outcome: [error: Error, socket: null] | [error: null, socket: Socket]) => void;

/**
 * An HTTP proxy, of which tunnels are asked (RFC 9110, section 9.3.6), for `http:` URLs as well: so the proxy never
 * reads a request, and both transports speak to endpoints as they do without it.
 * @throws WebhooksConfigurationError when an option is wrong
 */
export class EgressProxy {
  readonly host: string;
  readonly port: number;
  /** Whether the proxy resolves names, and not we. */
  readonly resolvesNames: boolean;
  private readonly isSecure: boolean;
  private readonly ca: EgressProxyOptions['ca'];
  private readonly headers: Readonly<Record<string, string>>;

  constructor(option: string | EgressProxyOptions) {
    const { url: text, resolve = 'here', ca } = typeof option === 'string' ? { url: option } : option;
    const url = proxyUrl(text);
    if (resolve !== 'here' && resolve !== 'proxy') throw unexpected('.resolve', "'here' or 'proxy'");
    this.host = url.hostname.replace(/^\[|\]$/g, '');
    this.port = portOf(url);
    this.isSecure = url.protocol === 'https:';
    this.resolvesNames = resolve === 'proxy';
    this.ca = ca;
    this.headers = credentialsOf(url);
  }

  /**
   * Asks for a tunnel over a socket that is connecting to the proxy.
   * @param target `address:port`
   */
  ask(target: string, socket: Socket, opened: Opened): void {
    const request = http.request({
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...this.headers },
      createConnection: () => (this.isSecure ? this.secured(socket) : socket),
      maxHeaderSize: 16_384,
      insecureHTTPParser: false,
    });
    request.on('connect', ({ statusCode = 0 }, tunnel: Socket, early) => {
      // An endpoint that speaks first does not speak HTTP, and what it said could pass for an answer.
      if (statusCode >= 200 && statusCode < 300 && early.length === 0) opened(null, tunnel);
      else opened(new EgressProxyError(), null);
    });
    request.on('response', () => opened(new EgressProxyError(), null));
    request.on('error', (cause) => opened(new EgressProxyError({ cause }), null));
    request.end();
  }

  private secured(socket: Socket): Socket {
    const servername = isIP(this.host) ? '' : this.host;
    return tls.connect({ socket, host: this.host, servername, ca: this.ca, ALPNProtocols: ['http/1.1'] });
  }
}

function proxyUrl(text: unknown): URL {
  const url = typeof text === 'string' ? urlFrom(text) : undefined;
  const isProxy = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash;
  if (isProxy) return url;
  throw unexpected('', "an http: or https: URL without a path, such as 'http://proxy.internal:3128'");
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { 'proxy-authorization': `Basic ${credentials}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unexpected('', 'a URL whose user name and password are percent-encoded');
  }
}

/** What was given is not shown: it may hold a password. */
function unexpected(part: string, expected: string): WebhooksConfigurationError {
  return new WebhooksConfigurationError(`Expected network.proxy${part} to be ${expected}.`);
}
