import type { Type } from '@nestjs/common';
import type { Contract } from '../contracts/contract';
import { standardErrors } from '../contracts/standard/standard.errors';
import { AsyncApiController } from './asyncapi.controller';
import { DeliveriesController } from './deliveries.controller';
import { ErrorAnswers } from './error-answers';
import { EventsController } from './events.controller';
import { JwksController } from './jwks.controller';
import { contractController, mount, refuseOtherMethods, type Access } from './mounted-contract';
import { ReplaysController } from './replays.controller';
import { StatisticsController } from './statistics.controller';
import { SubscriptionActionsController } from './subscription-actions.controller';
import { TopicsController } from './topics.controller';

/** A contract and who gets to it. */
export interface GuardedContract {
  readonly contract: Contract;
  readonly access: Access;
}

/** Routes beside the standard contract: where below its parent, or below one of its subscriptions. */
interface OperatingRoutes {
  readonly resource: string;
  readonly controller: Type<object>;
  /** The methods of each path, so that all others say so. */
  readonly methodsByPath: Readonly<Record<string, readonly string[]>>;
}

const OPERATING: readonly OperatingRoutes[] = [
  { resource: 'topics', controller: TopicsController, methodsByPath: { '': ['GET'], ':name': ['GET'] } },
  { resource: 'asyncapi.json', controller: AsyncApiController, methodsByPath: { '': ['GET'] } },
  { resource: 'jwks', controller: JwksController, methodsByPath: { '': ['GET'] } },
  { resource: 'events', controller: EventsController, methodsByPath: { '': ['GET'], ':id': ['GET'] } },
  {
    resource: 'deliveries',
    controller: DeliveriesController,
    methodsByPath: { '': ['GET'], ':id': ['GET'], ':id/resend': ['POST'] },
  },
  { resource: 'statistics', controller: StatisticsController, methodsByPath: { '': ['GET'] } },
  { resource: 'replays', controller: ReplaysController, methodsByPath: { ':id': ['GET', 'DELETE'] } },
];

const ACTIONS: OperatingRoutes = {
  resource: ':id',
  controller: SubscriptionActionsController,
  methodsByPath: { test: ['POST'], replays: ['GET', 'POST'], statistics: ['GET'] },
};

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
  const beside = OPERATING.flatMap((routes) => pathsOf(routes, besides(path, routes.resource)));
  const actions = pathsOf(ACTIONS, `${path}/${ACTIONS.resource}`);
  return new Set(name === 'standard' ? [...own, ...beside, ...actions] : own);
}

function pathsOf({ methodsByPath }: OperatingRoutes, path: string): string[] {
  return Object.keys(methodsByPath).map((below) => `${path}/${below}`);
}

/** The path of a resource beside the one that a contract has. */
function besides(path: string, resource: string): string {
  return [...path.split('/').slice(0, -1), resource].join('/');
}

function operatingControllers({ description: { path } }: Contract, access: Access): Type<object>[] {
  const beside = OPERATING.map((routes) => mounted(routes, besides(path, routes.resource), access));
  return [...beside, mounted(ACTIONS, `${path}/${ACTIONS.resource}`, access)];
}

function mounted({ controller, methodsByPath }: OperatingRoutes, path: string, access: Access): Type<object> {
  // A class of its own, so that the options of one application are not those of the next. It keeps its name for logs.
  const { [controller.name]: Mounted } = { [controller.name]: class extends controller {} };
  refuseOtherMethods(Mounted!, new Map(Object.entries(methodsByPath)), false);
  mount(path, access, new ErrorAnswers(standardErrors))(Mounted!);
  return Mounted!;
}
