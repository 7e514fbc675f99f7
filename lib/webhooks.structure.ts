import { VERSION_NEUTRAL } from '@nestjs/common';
import { inspect } from 'node:util';
import { WebhooksConfigurationError } from './shared/webhooks.error';
import type { TenantOption, WebhooksStructure } from './webhooks.options';

/** The structure with its defaults filled in. */
export type CheckedStructure = Required<Omit<WebhooksStructure, 'tenant'>> & {
  readonly tenant: TenantOption | undefined;
};

/** @throws WebhooksConfigurationError when a part of it is wrong or would leave the management API open */
export function checkedStructure(given: WebhooksStructure): CheckedStructure {
  const structure: CheckedStructure = {
    guards: given.guards ?? [],
    imports: given.imports ?? [],
    allowUnauthenticated: given.allowUnauthenticated ?? false,
    path: given.path ?? 'webhooks',
    version: given.version ?? VERSION_NEUTRAL,
    tenant: given.tenant,
    dataSource: given.dataSource ?? 'default',
    tablePrefix: given.tablePrefix ?? 'webhooks_',
  };
  assertGuarded(structure);
  assertNames(structure);
  return structure;
}

function assertGuarded({ guards, allowUnauthenticated }: CheckedStructure): void {
  if (!Array.isArray(guards)) throw unexpected('guards', 'a list of guards', guards);
  if (guards.length > 0 || allowUnauthenticated) return;
  throw new WebhooksConfigurationError(
    'The management routes have no guard: anybody who reaches them could read and change all subscriptions. ' +
      'Pass WebhooksModule.forRoot({ guards: [YourGuard] }), or with forRootAsync beside useFactory; or ' +
      'allowUnauthenticated: true where that is meant.',
  );
}

function assertNames({ path, tablePrefix, tenant }: CheckedStructure): void {
  if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(path))
    throw unexpected('path', 'a path such as "webhooks" or "api/webhooks"', path);
  if (!/^[a-z][a-z0-9_]{0,24}$/.test(tablePrefix)) {
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
