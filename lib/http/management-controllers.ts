import {
  applyDecorators,
  Controller,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
  type CanActivate,
  type ControllerOptions,
  type Type,
} from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller';
import { EventsController } from './events.controller';
import { ProblemFilter } from './problem.filter';
import { SubscriptionsController } from './subscriptions.controller';
import { TenantGuard } from './tenant.guard';
import { TopicsController } from './topics.controller';

/** Where the management routes are, and who guards them. */
export interface ManagementOptions {
  /** What all routes begin with, below the host's global prefix. */
  readonly path: string;
  /** The host's guards, in order. @default [] */
  readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
  /** @default VERSION_NEUTRAL */
  readonly version?: ControllerOptions['version'];
}

const CONTROLLERS: readonly [resource: string, controller: Type<object>][] = [
  ['subscriptions', SubscriptionsController],
  ['topics', TopicsController],
  ['events', EventsController],
  ['deliveries', DeliveriesController],
];

/** The controllers of the management API, for one module. */
export function managementControllers(options: ManagementOptions): Type<object>[] {
  return CONTROLLERS.map(([resource, controller]) => mounted(controller, resource, options));
}

function mounted(controller: Type<object>, resource: string, options: ManagementOptions): Type<object> {
  const { path, guards = [], version = VERSION_NEUTRAL } = options;
  // A class of its own, so that the options of one application are not those of the next. It keeps its name for logs.
  const { [controller.name]: Mounted } = { [controller.name]: class extends controller {} };
  applyDecorators(
    Controller({ path: `${path}/${resource}`, version }),
    UseGuards(...guards, TenantGuard),
    UseFilters(ProblemFilter),
  )(Mounted!);
  return Mounted!;
}
