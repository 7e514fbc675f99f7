import { VERSION_NEUTRAL } from '@nestjs/common';
import { inspect } from 'node:util';
import { Contract } from './contracts/contract';
import { standard } from './contracts/standard/standard.contract';
import type { GuardedContract } from './http/management-controllers';
import { WebhooksConfigurationError } from './shared/webhooks.error';
import type { WebhooksStructure } from './webhooks.options';

/** The structure with its defaults filled in. */
export type CheckedStructure = Required<Pick<WebhooksStructure, 'imports' | 'dataSource' | 'tablePrefix'>> & {
  readonly contracts: readonly GuardedContract[];
};

/** @throws WebhooksConfigurationError when a part of it is wrong or would leave the management API open */
export function checkedStructure(given: WebhooksStructure): CheckedStructure {
  const { imports = [], dataSource = 'default', tablePrefix = 'webhooks_' } = given;
  assertNames({ ...given, tablePrefix });
  return { imports, dataSource, tablePrefix, contracts: guardedContracts(given) };
}

function guardedContracts(given: WebhooksStructure): GuardedContract[] {
  const contracts = (given.contracts ?? [standard()]).map((each) => placed(each, given.path));
  assertDistinct(contracts);
  const guarded = contracts.map((contract) => ({ contract, access: accessTo(contract, given) }));
  if (given.allowUnauthenticated !== true) guarded.forEach(assertGuarded);
  return guarded;
}

function placed(contract: unknown, path: string | undefined): Contract {
  if (!(contract instanceof Contract))
    throw unexpected('contracts', 'a list such as [standard(), packcloud()]', contract);
  return contract.name === 'standard' && path !== undefined ? contract.at({ path: `${path}/subscriptions` }) : contract;
}

function accessTo(
  { description }: Contract,
  { guards, tenant, version }: WebhooksStructure,
): GuardedContract['access'] {
  return {
    guards: description.guards ?? guards ?? [],
    tenant: description.tenant ?? tenant,
    version: description.version ?? version ?? VERSION_NEUTRAL,
  };
}

function assertDistinct(contracts: readonly Contract[]): void {
  if (contracts.length === 0) throw unexpected('contracts', 'at least one contract', contracts);
  for (const property of ['name', 'path'] as const) {
    const values = contracts.map(({ description }) => description[property]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw unexpected('contracts', `a ${property} of its own for each`, `"${twice}" twice`);
  }
}

function assertGuarded({ contract, access: { guards } }: GuardedContract): void {
  if (guards.length > 0) return;
  throw new WebhooksConfigurationError(
    `The management routes have no guard: anybody who reaches those of the contract "${contract.name}" could read and change all subscriptions. ` +
      'Pass WebhooksModule.forRoot({ guards: [YourGuard] }), or with forRootAsync beside useFactory; or ' +
      'allowUnauthenticated: true where that is meant.',
  );
}

function assertNames({ guards = [], contracts = [], path = 'webhooks', tablePrefix, tenant }: WebhooksStructure): void {
  if (!Array.isArray(guards)) throw unexpected('guards', 'a list of guards', guards);
  if (!Array.isArray(contracts)) throw unexpected('contracts', 'a list such as [standard(), packcloud()]', contracts);
  if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(path))
    throw unexpected('path', 'a path such as "webhooks" or "api/webhooks"', path);
  if (!/^[a-z][a-z0-9_]{0,24}$/.test(tablePrefix!)) {
    throw unexpected('tablePrefix', 'at most 25 lower-case letters, digits and "_", a letter first', tablePrefix);
  }
  if (tenant !== undefined && typeof tenant !== 'function') {
    throw unexpected('tenant', 'a function of the request', tenant);
  }
}

function unexpected(name: string, expected: string, got: unknown): WebhooksConfigurationError {
  return new WebhooksConfigurationError(
    `Expected ${name} to be ${expected}, got ${inspect(got, { maxStringLength: 40 })}.`,
  );
}
