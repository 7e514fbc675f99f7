import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressPolicy } from './address-policy';
import { AddressRefusedError, guardedLookup } from './guarded-lookup';
import { checked, FAMILY_ATTEMPT_TIMEOUT_MS, mayConnect } from './guarded-socket';
import { IdleSockets } from './idle-sockets';
import type { ConnectionOptions } from './transport-options';

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
  const connections = {
    keepAlive: idleConnections > 0,
    maxFreeSockets: Math.max(idleConnections, 1),
    timeout: idleConnectionMs,
    lookup: guardedLookup(policy, resolveHost),
    autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_TIMEOUT_MS,
  };
  return {
    http: guard(new http.Agent(connections), policy, idle),
    https: guard(new https.Agent({ ...connections, ...tls }), policy, idle),
  };
}

function guard<Agent extends http.Agent>(agent: Agent, policy: AddressPolicy, idle: IdleSockets): Agent {
  const open = agent.createConnection.bind(agent);
  const keepAlive: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  return Object.assign(agent, {
    createConnection(options: http.ClientRequestArgs, opened: (error: Error) => void) {
      const { host, path } = options;
      // A path would be a Unix socket.
      if (host && !path && mayConnect(policy, host)) return checked(open(options) as Socket, policy, host);
      opened(new AddressRefusedError());
      return undefined;
    },
    keepSocketAlive(socket: Duplex) {
      return keepAlive(socket) !== false && idle.keep(socket);
    },
    reuseSocket(socket: Duplex, request: http.ClientRequest) {
      idle.take(socket);
      reuse(socket, request);
    },
  });
}
