import {
  applyDecorators,
  Controller,
  Delete,
  Get,
  Patch,
  Post,
  Put,
  Req,
  Res,
  UseFilters,
  UseGuards,
  type CanActivate,
  type ControllerOptions,
  type Type,
} from '@nestjs/common';
import type { Contract } from '../contracts/contract';
import { apiExcluded, apiTag } from '../contracts/generated/openapi';
import { MethodNotAllowedError } from '../contracts/problem';
import { ContractController } from './contract-controller';
import { documentationOf } from './contract-documentation';
import { ErrorAnswers } from './error-answers';
import type { HttpRequest, HttpResponse } from './http-request';
import { ServedContract } from './served-contract';
import { TenantGuard } from './tenant.guard';
import { TenantResolver } from './tenant-resolver';
import type { TenantOption } from '../contracts/scopes';

/** Who gets to some routes, and how they find out who that is. */
export interface Access {
  /** The host's guards, in order. */
  readonly guards: readonly (Type<CanActivate> | CanActivate)[];
  readonly tenant: TenantOption | undefined;
  readonly version: ControllerOptions['version'];
}

type Handler<Self> = (this: Self, request: HttpRequest, response: HttpResponse) => Promise<void> | void;

const MAPPINGS = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete };

/** The controller of a contract, of a class of its own: what one application serves is not what the next does. */
export function contractController(contract: Contract, access: Access): Type<object> {
  const served = new ServedContract(contract);
  const { path, noun, heading, trailingSlash } = contract.description;
  class Mounted extends ContractController {
    protected override readonly served = served;
  }
  contract.routes.forEach((route, index) => {
    const name = `${route.operation}${index}`;
    // A function of its own each, because that is what decorators write on.
    const serving = (): Handler<ContractController> =>
      function (request, response) {
        return this.serve(route.operation, route, request, response);
      };
    const [documented, ...tolerated] = forms(route.path, trailingSlash);
    addHandler(Mounted, name, [MAPPINGS[route.method](documented), documentationOf(served, route)], serving());
    for (const path of tolerated) {
      addHandler(Mounted, `${name} too`, [MAPPINGS[route.method](path), apiExcluded()], serving());
    }
  });
  refuseOtherMethods(Mounted, served.methodsByPath(), trailingSlash);
  applyDecorators(apiTag(heading), mount(path, access, ErrorAnswers.of(contract)))(Mounted);
  return nameAs(Mounted, `${noun}sController`);
}

/** What all controllers of ours have around them. */
export function mount(path: string, { guards, tenant, version }: Access, answers: ErrorAnswers): ClassDecorator {
  return applyDecorators(
    Controller({ path, version }),
    UseGuards(...guards, new TenantGuard(new TenantResolver(tenant))),
    UseFilters(answers),
  );
}

/** Makes paths that are known say so when their method is not. */
export function refuseOtherMethods(
  Mounted: Type<object>,
  methodsByPath: ReadonlyMap<string, readonly string[]>,
  trailingSlash: boolean,
): void {
  for (const [path, allow] of methodsByPath) {
    for (const [method, mapping] of Object.entries(MAPPINGS)) {
      if (allow.includes(method)) continue;
      const decorators = [mapping(forms(path, trailingSlash)), apiExcluded()];
      addHandler(Mounted, `refuse ${method} ${path}`, decorators, () => {
        throw new MethodNotAllowedError(method, allow);
      });
    }
  }
}

/**
 * The documented form of a path, and the other where both are taken. Nest takes one slash off the end of every path, and
 * Fastify tells the forms apart.
 */
function forms(path: string, trailingSlash: boolean): [documented: string, ...tolerated: string[]] {
  return trailingSlash ? [`${path}//`, path] : [path];
}

function addHandler<Self>(
  Mounted: Type<Self>,
  name: string,
  decorators: MethodDecorator[],
  handler: Handler<Self>,
): void {
  const prototype = Mounted.prototype as object;
  Object.defineProperty(prototype, name, { value: handler, writable: true, configurable: true });
  Req()(prototype, name, 0);
  Res()(prototype, name, 1);
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  applyDecorators(...decorators)(prototype, name, descriptor);
}

function nameAs(Mounted: Type<object>, name: string): Type<object> {
  Object.defineProperty(Mounted, 'name', { value: name });
  return Mounted;
}
