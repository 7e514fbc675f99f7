import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { AddressPolicy } from './address-policy';
import { fingerprintOf } from './certificate-fingerprint';
import type { Opened } from './egress-proxy';
import { AddressRefusedError, guardedLookup } from './guarded-lookup';
import { checked, FAMILY_ATTEMPT_TIMEOUT_MS, mayConnect } from './guarded-socket';
import { IdleSockets } from './idle-sockets';
import { longestAnswer, metered } from './metered-socket';
import { boundsOf, type TransportOptions } from './transport-options';
import { Tunnels } from './tunnels';

export interface GuardedAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/**
 * Agents that connect to no address that the policy refuses, however it was spelled or resolved.
 * Dedicated to one transport: an agent shared with other code would share sockets that nobody checked.
 */
export function guardedAgents(policy: AddressPolicy, options: TransportOptions = {}): GuardedAgents {
  const { idleConnections, idleConnectionMs, responseBodyLimitBytes } = boundsOf(options);
  const judged = guardedLookup(policy, options.resolveHost ?? lookup);
  const guard = {
    policy,
    idle: new IdleSockets(idleConnections),
    tunnels: policy.proxy && new Tunnels(policy.proxy, judged),
    limit: longestAnswer(responseBodyLimitBytes),
  };
  const connections = {
    keepAlive: idleConnections > 0,
    maxFreeSockets: Math.max(idleConnections, 1),
    timeout: idleConnectionMs,
    lookup: judged,
    autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_TIMEOUT_MS,
  };
  return {
    http: guarded(new http.Agent(connections), guard),
    https: guarded(new https.Agent({ ...connections, ...options.tls }), guard),
  };
}

type ConnectionOptions = NonNullable<Parameters<http.Agent['getName']>[0]> & Pick<SecureContextOptions, 'cert' | 'key'>;

interface Guard {
  readonly policy: AddressPolicy;
  readonly idle: IdleSockets;
  readonly tunnels: Tunnels | undefined;
  /** The most bytes that an answer may have. */
  readonly limit: number;
}

function guarded<Agent extends http.Agent>(agent: Agent, { policy, idle, tunnels, limit }: Guard): Agent {
  const isSecure = agent instanceof https.Agent;
  const open = agent.createConnection.bind(agent);
  const keepAlive: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  const nameOf: (options: ConnectionOptions) => string = agent.getName.bind(agent);
  const destroy = agent.destroy.bind(agent);
  return Object.assign(agent, {
    createConnection(options: http.ClientRequestArgs, opened: Opened) {
      const { host, path } = options;
      // A path would be a Unix socket.
      if (!host || path || !mayConnect(policy, host)) return void opened(new AddressRefusedError(), null);
      if (!tunnels) return orFail(opened, () => metered(checked(open(options) as Socket, policy, host), limit));
      tunnels.open(host, Number(options.port), (error, tunnel) => {
        if (error) return opened(error, null);
        orFail(opened, () => {
          const socket = isSecure ? (open({ ...options, socket: tunnel } as never) as Socket) : tunnel;
          opened(null, metered(socket, limit));
        });
      });
      return undefined;
    },
    /** What connections are kept by. Whoever shows an agent shows these, so no key may be in them. */
    getName(options: ConnectionOptions = {}) {
      const { cert, key } = options;
      if (!key) return nameOf(options);
      return `${nameOf({ ...options, cert: undefined, key: undefined })} ${fingerprintOf({ cert, key })}`;
    },
    keepSocketAlive(socket: Duplex) {
      if (keepAlive(socket) === false) return false;
      socket.on('data', hangUp);
      return idle.keep(socket);
    },
    reuseSocket(socket: Duplex, request: http.ClientRequest) {
      socket.off('data', hangUp);
      idle.take(socket);
      reuse(socket, request);
    },
    destroy() {
      tunnels?.close();
      destroy();
    },
  });
}

/** A certificate that TLS does not take is told at once, by throwing. */
function orFail<Begun>(opened: Opened, open: () => Begun): Begun | undefined {
  try {
    return open();
  } catch (error) {
    return void opened(error as Error, null);
  }
}

/** RFC 9112, section 9.2: what comes when nothing was asked is no answer to what is asked next. */
function hangUp(this: Duplex): void {
  this.destroy();
}
