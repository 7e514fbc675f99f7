import type { Type } from '@nestjs/common';
import type { Contract } from '../contracts/contract';
import { standardErrors } from '../contracts/standard/standard.errors';
import { DeliveriesController } from './deliveries.controller';
import { ErrorAnswers } from './error-answers';
import { EventsController } from './events.controller';
import { JwksController } from './jwks.controller';
import { contractController, mount, refuseOtherMethods, type Access } from './mounted-contract';
import { TopicsController } from './topics.controller';

/** A contract and who gets to it. */
export interface GuardedContract {
  readonly contract: Contract;
  readonly access: Access;
}

const READ_ONLY = ['GET'];

const OPERATING: readonly [resource: string, controller: Type<object>, methodsByPath: [string, string[]][]][] = [
  ['topics', TopicsController, [['', READ_ONLY]]],
  ['jwks', JwksController, [['', READ_ONLY]]],
  [
    'events',
    EventsController,
    [
      ['', READ_ONLY],
      [':id', READ_ONLY],
    ],
  ],
  [
    'deliveries',
    DeliveriesController,
    [
      ['', READ_ONLY],
      [':id', READ_ONLY],
    ],
  ],
];

/** The controllers of all contracts, and the operating endpoints beside the standard one. */
export function managementControllers(contracts: readonly GuardedContract[]): Type<object>[] {
  return deepestFirst(contracts).flatMap(({ contract, access }) => [
    contractController(contract, access),
    ...(contract.name === 'standard' ? operatingControllers(contract, access) : []),
  ]);
}

/** Express takes the first route that fits, and `webhooks/subscriptions` fits `webhooks/:id` as well. */
export function deepestFirst(contracts: readonly GuardedContract[]): GuardedContract[] {
  const depth = ({ contract }: GuardedContract) => contract.description.path.split('/').length;
  return [...contracts].sort((one, other) => depth(other) - depth(one));
}

/** The paths of all that is served with a contract. */
export function pathsWith({ name, description: { path }, routes }: Contract): Set<string> {
  const own = routes.map((route) => `${path}/${route.path}`);
  const beside = OPERATING.flatMap(([resource, , methodsByPath]) =>
    methodsByPath.map(([below]) => `${besides(path, resource)}/${below}`),
  );
  return new Set(name === 'standard' ? [...own, ...beside] : own);
}

/** The path of a resource beside the one that a contract has. */
function besides(path: string, resource: string): string {
  return [...path.split('/').slice(0, -1), resource].join('/');
}

function operatingControllers({ description: { path } }: Contract, access: Access): Type<object>[] {
  return OPERATING.map(([resource, controller, methodsByPath]) => {
    // A class of its own, so that the options of one application are not those of the next. It keeps its name for logs.
    const { [controller.name]: Mounted } = { [controller.name]: class extends controller {} };
    refuseOtherMethods(Mounted!, new Map(methodsByPath), false);
    mount(besides(path, resource), access, new ErrorAnswers(standardErrors))(Mounted!);
    return Mounted!;
  });
}
