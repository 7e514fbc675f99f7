import type { Type } from '@nestjs/common';
import { Documented, type RouteDocumentation } from '../contracts/generated/documentation';
import { pageSchema } from '../contracts/standard/standard.contract';
import { standardErrors } from '../contracts/standard/standard.errors';

type OperatingRoute = Pick<RouteDocumentation, 'id' | 'summary' | 'description' | 'path' | 'query' | 'problems'> & {
  /** What the body of the request is, as JSON. */
  readonly body?: Type;
  /** @default 200 */
  readonly status?: number;
  /** What the body of the answer is. */
  readonly answer?: Type;
  /** What the items are where the body of the answer is a page of a list. */
  readonly pageOf?: Type;
};

/** Describes a route of the operating endpoints, which speak as the standard contract does. */
export function Operating({ body, status, answer, pageOf, ...route }: OperatingRoute): MethodDecorator {
  const success = pageOf ? { model: pageOf, wrap: pageSchema } : { status, model: answer };
  const request = body && { model: body, contentType: 'application/json', wrap: (content: object) => content };
  return Documented({ ...route, body: request, success, errors: standardErrors });
}
