import { applyDecorators, type Type } from '@nestjs/common';
import { ProblemView } from '../contracts/standard/problem.view';
import {
  apiBody,
  apiModel,
  apiOperation,
  apiPathParameter,
  apiQuery,
  apiResponse,
  schemaOf,
} from '../contracts/openapi';

const PROBLEMS = {
  400: 'The request is not made as it has to be.',
  403: 'The caller is nobody we know, or may not do this.',
  404: 'There is no such thing, or it is not the caller’s.',
  422: 'What is asked for cannot be.',
} as const;

/** What the OpenAPI document says of a route. */
export interface RouteDocumentation {
  /** Unique in the whole document of the host. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The names of the parameters in the path. @default [] */
  readonly path?: readonly string[];
  /** What may be asked in the query, as a class. @default nothing */
  readonly query?: Type;
  /** What the body of the request is. @default none */
  readonly body?: Type;
  /** The status of success. @default 200 */
  readonly status?: number;
  /** What the body of the answer is. @default none */
  readonly answer?: Type;
  /** What the items are where the body of the answer is a page of a list. */
  readonly pageOf?: Type;
  /** How it can go wrong, besides what the host's guards do. */
  readonly problems: readonly (keyof typeof PROBLEMS)[];
}

/** Describes a route in the host's OpenAPI document, where there is one. */
export function Documented(route: RouteDocumentation): MethodDecorator {
  const { id, summary, description, problems } = route;
  return applyDecorators(
    apiOperation({ operationId: id, summary, description }),
    ...request(route),
    success(route),
    apiModel(ProblemView),
    ...problems.map(problemAnswer),
  );
}

function request({ path = [], query, body }: RouteDocumentation): MethodDecorator[] {
  return [...path.map(apiPathParameter), ...(query ? [apiQuery(query)] : []), ...(body ? [apiBody(body)] : [])];
}

function success({ status = 200, answer, pageOf }: RouteDocumentation): MethodDecorator {
  if (answer) return apiResponse({ status, description: 'Done.', type: answer });
  if (!pageOf) return apiResponse({ status, description: 'Done.' });
  return applyDecorators(
    apiModel(pageOf),
    apiResponse({ status, description: 'One page.', schema: pageSchema(pageOf) }),
  );
}

function pageSchema(item: Type): object {
  const nextCursor = {
    type: 'string',
    nullable: true,
    description: 'The `cursor` of the next page; null on the last.',
  };
  const properties = { data: { type: 'array', items: schemaOf(item) }, nextCursor };
  return { type: 'object', required: ['data', 'nextCursor'], properties };
}

function problemAnswer(status: keyof typeof PROBLEMS): MethodDecorator {
  const content = { 'application/problem+json': { schema: schemaOf(ProblemView) } };
  return apiResponse({ status, description: PROBLEMS[status], content });
}
