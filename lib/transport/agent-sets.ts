import type { AddressPolicy } from './address-policy';
import { type GuardedAgents, guardedAgents } from './guarded-agents';
import type { ClientCertificate } from './transport';
import type { TransportOptions } from './transport-options';

interface Agents {
  readonly kept: GuardedAgents;
  /** For requests that need a connection of their own. */
  readonly fresh: GuardedAgents;
}

/** All agents of one transport. */
export interface AgentSet {
  for(certificate: ClientCertificate | undefined): Agents;
  destroy(): void;
}

/**
 * The agents of one transport: some for requests as the transport makes them, and some for those that show a certificate
 * of their own, made when there is the first. What an agent was made with would count more than what a request says.
 */
export function agentSets(policy: AddressPolicy, options: TransportOptions): AgentSet {
  const usual = agentsOf(policy, options);
  let certified: Agents | undefined;
  return {
    for: (certificate) => (certificate ? (certified ??= agentsOf(policy, withoutCertificate(options))) : usual),
    destroy: () => [usual, certified].forEach(destroy),
  };
}

function agentsOf(policy: AddressPolicy, options: TransportOptions): Agents {
  return {
    kept: guardedAgents(policy, options),
    fresh: guardedAgents(policy, { ...options, idleConnections: 0 }),
  };
}

function withoutCertificate({ tls = {}, ...options }: TransportOptions): TransportOptions {
  const { ca, minVersion } = tls;
  return { ...options, tls: { ...(ca !== undefined && { ca }), ...(minVersion && { minVersion }) } };
}

function destroy(agents: Agents | undefined): void {
  if (!agents) return;
  for (const { http, https } of [agents.kept, agents.fresh]) {
    http.destroy();
    https.destroy();
  }
}
