import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressPolicy } from './address-policy';
import type { Opened } from './egress-proxy';
import { AddressRefusedError, guardedLookup } from './guarded-lookup';
import { checked, FAMILY_ATTEMPT_TIMEOUT_MS, mayConnect } from './guarded-socket';
import { IdleSockets } from './idle-sockets';
import type { ConnectionOptions } from './transport-options';
import { Tunnels } from './tunnels';

export interface GuardedAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/**
 * Agents that connect to no address that the policy refuses, however it was spelled or resolved.
 * Dedicated to one transport: an agent shared with other code would share sockets that nobody checked.
 */
export function guardedAgents(policy: AddressPolicy, options: ConnectionOptions = {}): GuardedAgents {
  const { resolveHost = lookup, idleConnections = 1_024, idleConnectionMs = 30_000, tls } = options;
  const idle = new IdleSockets(idleConnections);
  const guarded = guardedLookup(policy, resolveHost);
  const tunnels = policy.proxy && new Tunnels(policy.proxy, guarded);
  const connections = {
    keepAlive: idleConnections > 0,
    maxFreeSockets: Math.max(idleConnections, 1),
    timeout: idleConnectionMs,
    lookup: guarded,
    autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_TIMEOUT_MS,
  };
  return {
    http: guard(new http.Agent(connections), policy, idle, tunnels),
    https: guard(new https.Agent({ ...connections, ...tls }), policy, idle, tunnels),
  };
}

function guard<Agent extends http.Agent>(
  agent: Agent,
  policy: AddressPolicy,
  idle: IdleSockets,
  tunnels: Tunnels | undefined,
): Agent {
  const open = agent.createConnection.bind(agent);
  const keepAlive: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  const destroy = agent.destroy.bind(agent);
  return Object.assign(agent, {
    createConnection(options: http.ClientRequestArgs, opened: Opened) {
      const { host, path } = options;
      // A path would be a Unix socket.
      if (!host || path || !mayConnect(policy, host)) return void opened(new AddressRefusedError());
      if (!tunnels) return checked(open(options) as Socket, policy, host);
      tunnels.open(host, Number(options.port), (error, socket) => {
        if (error) opened(error);
        else opened(null, agent instanceof https.Agent ? (open({ ...options, socket } as never) as Socket) : socket);
      });
      return undefined;
    },
    keepSocketAlive(socket: Duplex) {
      return keepAlive(socket) !== false && idle.keep(socket);
    },
    reuseSocket(socket: Duplex, request: http.ClientRequest) {
      idle.take(socket);
      reuse(socket, request);
    },
    destroy() {
      tunnels?.close();
      destroy();
    },
  });
}
