import { isIP, isIPv4, isIPv6, Socket, type LookupFunction } from 'node:net';
import { type EgressProxy, EgressProxyError, type Opened } from './egress-proxy';

/** How long a proxy may take to open a tunnel; the time of an attempt may well be over before. */
const LONGEST_OPENING_MS = 30_000;

type Found = (...outcome: [error: Error, address: null] | [error: null, address: string]) => void;

/** Opens tunnels through an egress proxy to addresses that were judged. */
export class Tunnels {
  private readonly opening = new Set<Socket>();

  /** @param lookup resolves names, and fails for those that lead to a refused address */
  constructor(
    private readonly proxy: EgressProxy,
    private readonly lookup: LookupFunction,
  ) {}

  /**
   * Opens a tunnel to a literal address that was judged, or to a name.
   * Answers the socket to the proxy at once, so that whoever runs out of patience can hang up.
   */
  open(host: string, port: number, opened: Opened): Socket {
    const socket = new Socket();
    const settle = this.settling(socket, opened);
    this.find(host, (error, address) => {
      if (error) return settle(error, null);
      if (socket.destroyed) return;
      socket.connect({ host: this.proxy.host, port: this.proxy.port, noDelay: true });
      this.proxy.ask(isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`, socket, settle);
    });
    return socket;
  }

  /** Gives up every tunnel that is not open yet. */
  close(): void {
    for (const socket of this.opening) socket.destroy();
  }

  private find(host: string, found: Found): void {
    if (isIP(host) !== 0 || this.proxy.resolvesNames) return found(null, host);
    this.lookup(host, { all: true }, (error, addresses) => {
      if (error) return found(error, null);
      // One tunnel, one address: where there are both kinds, more networks have a way to IPv4.
      const list = (addresses as { address: string }[]).map(({ address }) => address);
      found(null, list.find((address) => isIPv4(address)) ?? list[0]!);
    });
  }

  /** Tells once what became of a tunnel, whoever ends it: the proxy, the time, or somebody who hangs up. */
  private settling(socket: Socket, opened: Opened): Opened {
    const timer = setTimeout(() => settle(new EgressProxyError(), null), LONGEST_OPENING_MS);
    const settle: Opened = (...outcome) => {
      if (!this.opening.delete(socket)) return;
      clearTimeout(timer);
      if (outcome[0]) socket.destroy();
      opened(...outcome);
    };
    this.opening.add(socket);
    socket.on('error', (cause) => settle(new EgressProxyError({ cause }), null));
    socket.once('close', () => settle(new EgressProxyError(), null));
    return settle;
  }
}
