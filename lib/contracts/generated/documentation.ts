import { applyDecorators, type Type } from '@nestjs/common';
import {
  apiBody,
  apiConsumes,
  apiModel,
  apiOperation,
  apiPathParameter,
  apiQuery,
  apiResponse,
  schemaOf,
} from './openapi';
import type { ErrorFormat } from '../problem';

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is not made as it has to be.',
  401: 'Nobody knows the caller.',
  403: 'The caller is nobody we know, or may not do this.',
  404: 'There is no such thing, or it is not the caller’s.',
  409: 'It stands in a way that does not allow this, or there are as many already as there may be.',
  413: 'The body is larger than is taken here.',
  415: 'The body is of another content type than is taken here.',
  422: 'What is asked for cannot be.',
};

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
  readonly body?: { readonly model: Type; readonly contentType: string; readonly wrap: (content: object) => object };
  /** The answer of success. */
  readonly success: SuccessDocumentation;
  /** The statuses of what can go wrong. */
  readonly problems: readonly number[];
  readonly errors: ErrorFormat;
}

export interface SuccessDocumentation {
  /** @default 200 */
  readonly status?: number;
  /** What the body of the answer is made of. @default there is none */
  readonly model?: Type;
  /** What stands around it. @default nothing */
  readonly wrap?: (content: object) => object;
  /** Its headers. @default none worth a word */
  readonly headers?: Readonly<Record<string, object>>;
}

/** Describes a route in the host's OpenAPI document, where there is one. */
export function Documented(route: RouteDocumentation): MethodDecorator {
  const { id, summary, description, errors, path = [], query } = route;
  return applyDecorators(
    apiOperation({ operationId: id, summary, description }),
    ...path.map(apiPathParameter),
    ...(query ? [apiQuery(query)] : []),
    ...requestBody(route),
    success(route.success),
    ...(errors.models ?? []).map(apiModel),
    ...route.problems.map((status) => problem(status, errors)),
  );
}

function requestBody({ body }: RouteDocumentation): MethodDecorator[] {
  if (!body) return [];
  const schema = body.wrap(schemaOf(body.model));
  return [apiModel(body.model), apiConsumes(body.contentType), apiBody({ required: true, schema })];
}

function success({ status = 200, model, wrap = (content) => content, headers }: SuccessDocumentation): MethodDecorator {
  if (!model) return apiResponse({ status, description: 'Done.' });
  const content = { 'application/json': { schema: wrap(schemaOf(model)) } };
  return applyDecorators(apiModel(model), apiResponse({ status, description: 'Done.', headers, content }));
}

function problem(status: number, { contentType = 'application/json', schemaOf: schema }: ErrorFormat): MethodDecorator {
  const content = { [contentType]: { schema: schema(status) } };
  return apiResponse({ status, description: PROBLEMS[status] ?? 'It went wrong.', content });
}
