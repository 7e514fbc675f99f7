import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { AddressPolicy } from './address-policy';
import { fingerprintOf } from './certificate-fingerprint';
import { LONGEST_HEADERS } from './answer-bounds';
import { type Connect, guardedConnector } from './guarded-connector';
import { IdleSockets } from './idle-sockets';
import type { ClientCertificate } from './transport';
import { boundsOf, type TransportOptions } from './transport-options';

/** Where a connection leads, and what it shows of us. */
interface Destined {
  readonly origin: string;
  readonly tls: ClientCertificate | undefined;
}

/** A client of undici that holds one connection, over which requests go one after the other. */
export class UndiciConnection {
  private readonly client: Client;
  private current: Socket | undefined;
  private used = false;

  constructor(
    /** What it may be used for: requests to the same origin, with the same certificate of ours. */
    readonly purpose: string,
    { origin, tls }: Destined,
    connect: Connect,
    closed: (connection: UndiciConnection) => void,
    { idleConnections, idleConnectionMs }: { idleConnections: number; idleConnectionMs: number },
  ) {
    this.client = new Client(origin, {
      // Should an idle connection close just before a request is written to it, undici connects once more by itself.
      connect: (peer, connected) => {
        this.used = false;
        this.current = connect({ ...peer, certificate: tls }, connected)?.once('close', () => closed(this));
      },
      pipelining: idleConnections > 0 ? 1 : 0,
      keepAliveTimeout: idleConnectionMs,
      keepAliveMaxTimeout: idleConnectionMs,
      keepAliveTimeoutThreshold: 1_000,
      maxHeaderSize: LONGEST_HEADERS,
      // The exchange bounds the whole attempt; undici's own timers would only cost time.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** The socket, while it can be written to. */
  get socket(): Socket | undefined {
    return this.current?.destroyed ? undefined : this.current;
  }

  /** Whether an earlier request has been answered over the socket. */
  get isReused(): boolean {
    return this.used;
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.client.dispatch(request, handler);
  }

  answered(): void {
    this.used = true;
  }

  /** Hangs up, on whoever has not even accepted the connection too. */
  destroy(): void {
    this.client.destroy(() => undefined);
    this.current?.destroy();
  }
}

/**
 * The connections of one transport. undici's own pools would do but for three things: they bound idle connections
 * for each origin only, do not tell whether a connection was used before, and cannot hang up while connecting.
 */
export class UndiciConnections {
  private readonly connect: Connect;
  private readonly bounds: { idleConnections: number; idleConnectionMs: number };
  private readonly sockets: IdleSockets;
  /** By purpose, the one used last at the end. */
  private readonly idle = new Map<string, UndiciConnection[]>();

  constructor(policy: AddressPolicy, options: TransportOptions) {
    this.connect = guardedConnector(policy, options);
    this.bounds = boundsOf(options);
    this.sockets = new IdleSockets(this.bounds.idleConnections);
  }

  /** An idle connection where there is one, or else a new one. */
  take(destined: Destined): UndiciConnection {
    const idle = this.idle.get(purposeOf(destined));
    for (let connection = idle?.pop(); connection; connection = idle?.pop()) {
      if (!connection.socket) continue;
      this.sockets.take(connection.socket);
      return connection;
    }
    return this.open(destined);
  }

  open(destined: Destined): UndiciConnection {
    return new UndiciConnection(purposeOf(destined), destined, this.connect, this.forget, this.bounds);
  }

  /** Keeps a connection whose request was answered. One that its endpoint wants closed closes in a moment. */
  keep(connection: UndiciConnection): void {
    const { socket, purpose } = connection;
    if (!socket) return;
    connection.answered();
    const idle = this.idle.get(purpose);
    if (idle) idle.push(connection);
    else this.idle.set(purpose, [connection]);
    this.sockets.keep(socket);
  }

  close(): void {
    for (const connection of [...this.idle.values()].flat()) connection.destroy();
    this.idle.clear();
  }

  private readonly forget = (connection: UndiciConnection): void => {
    const idle = this.idle.get(connection.purpose);
    const index = idle?.indexOf(connection) ?? -1;
    if (index >= 0) idle!.splice(index, 1);
    if (idle?.length === 0) this.idle.delete(connection.purpose);
  };
}

function purposeOf({ origin, tls }: Destined): string {
  return tls ? `${origin} ${fingerprintOf(tls)}` : origin;
}
