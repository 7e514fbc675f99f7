import { lookup } from 'node:dns';
import net, { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import type { AddressPolicy } from './address-policy';
import { AddressRefusedError, guardedLookup } from './guarded-lookup';
import { checked, FAMILY_ATTEMPT_TIMEOUT_MS, mayConnect } from './guarded-socket';
import { longestAnswer, metered } from './metered-socket';
import { fingerprintOf } from './certificate-fingerprint';
import { portOf } from './ports';
import type { ClientCertificate } from './transport';
import { boundsOf, type TransportOptions } from './transport-options';
import { Tunnels } from './tunnels';

/** Whom to connect to, as undici says it: an address in brackets comes without them, a default port as ''. */
export interface Peer {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  /** What the connection shows of us, where not what the transport was made with. */
  readonly certificate?: ClientCertificate;
}

interface Secured extends Pick<Peer, 'certificate'> {
  readonly host: string;
  readonly port: number;
}

export type Connected = (...outcome: [error: Error, socket: null] | [error: null, socket: Socket]) => void;

/** Begins to connect. The socket is there at once, so that whoever runs out of patience can hang up. */
export type Connect = (peer: Peer, connected: Connected) => Socket | undefined;

/** Connects to no address that the policy refuses, however it was spelled or resolved. */
export function guardedConnector(policy: AddressPolicy, options: TransportOptions): Connect {
  const sessions = new TlsSessions();
  const limit = longestAnswer(boundsOf(options).responseBodyLimitBytes);
  const sockets = {
    lookup: guardedLookup(policy, options.resolveHost ?? lookup),
    autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_TIMEOUT_MS,
    noDelay: true,
  };

  const openSecure = ({ host, port, certificate }: Secured, over: { socket?: Socket } = {}) => {
    const servername = isIP(host) ? '' : host;
    const key = `${host}:${port} ${certificate ? fingerprintOf(certificate) : ''}`;
    const own = certificate && { ...certificate, passphrase: undefined };
    const secure = { ...options.tls, ...own, servername, session: sessions.of(key), ALPNProtocols: ['http/1.1'] };
    return metered(sessions.keptFrom(tls.connect({ ...sockets, ...secure, host, port, ...over }), key), limit);
  };

  const connectTo = (peer: Secured, isSecure: boolean, connected: Connected) => {
    const { host, port } = peer;
    const socket = isSecure ? openSecure(peer) : metered(net.connect({ ...sockets, host, port }), limit);
    tellWhenOpen(checked(socket, policy, host), isSecure ? 'secureConnect' : 'connect', connected);
    return socket;
  };

  const tunnels = policy.proxy && new Tunnels(policy.proxy, sockets.lookup);
  const tunnelTo = (peer: Secured, isSecure: boolean, connected: Connected) =>
    tunnels!.open(peer.host, peer.port, (error, socket) => {
      if (error) connected(error, null);
      else if (!isSecure) connected(null, metered(socket, limit));
      else orFail(connected, () => void tellWhenOpen(openSecure(peer, { socket }), 'secureConnect', connected));
    });

  const open = tunnels ? tunnelTo : connectTo;
  return (peer, connected) => {
    const { protocol, hostname, certificate } = peer;
    if (!mayConnect(policy, hostname)) return void connected(new AddressRefusedError(), null);
    const secured = { host: hostname, port: portOf(peer), certificate };
    return orFail(connected, () => open(secured, protocol === 'https:', connected));
  };
}

/** A certificate that TLS does not take is told at once, by throwing. */
function orFail<Begun>(connected: Connected, connect: () => Begun): Begun | undefined {
  try {
    return connect();
  } catch (error) {
    return void connected(error as Error, null);
  }
}

function tellWhenOpen(socket: Socket, event: 'connect' | 'secureConnect', connected: Connected): void {
  let told = false;
  const fail = (error: Error) => {
    if (!told) connected(error, null);
    told = true;
  };
  socket.once(event, () => {
    if (told || socket.destroyed) return;
    told = true;
    connected(null, socket);
  });
  socket.on('error', fail);
  socket.once('close', () => fail(Object.assign(new Error('The socket was closed'), { code: 'ECONNRESET' })));
}

/**
 * What makes the second handshake with an endpoint a short one. By host and port, since nobody checks its name again, and
 * by what was shown of us, which is not shown again either.
 */
class TlsSessions {
  private readonly sessions = new Map<string, Buffer>();

  constructor(private readonly limit = 1_000) {}

  of(key: string): Buffer | undefined {
    return this.sessions.get(key);
  }

  keptFrom(socket: tls.TLSSocket, key: string): tls.TLSSocket {
    socket.on('session', (session) => this.keep(key, session));
    // A handshake that failed may have failed because of its session.
    socket.once('error', () => this.sessions.delete(key));
    return socket;
  }

  private keep(key: string, session: Buffer): void {
    this.sessions.delete(key);
    this.sessions.set(key, session);
    if (this.sessions.size > this.limit) this.sessions.delete(this.sessions.keys().next().value!);
  }
}
