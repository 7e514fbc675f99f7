import type { Operation } from '../contracts/field';
import { Documented, type RouteDocumentation, type SuccessDocumentation } from '../contracts/generated/documentation';
import type { Route } from '../contracts/operations';
import type { ErrorFormat, Problem } from '../contracts/problem';
import type { ServedContract } from './served-contract';

type OperationRoute = Route & { readonly operation: Operation };

/** What is answered to a body that is malformed, too large, or of another content type. */
const NOT_READABLE = [400, 413, 415];

const VERBS: Readonly<Record<Operation, [verb: string, summary: string, description?: string]>> = {
  list: ['list', 'List subscriptions'],
  create: ['create', 'Create a subscription'],
  read: ['get', 'Get a subscription'],
  update: ['update', 'Change a subscription'],
  remove: ['delete', 'Delete a subscription', 'What was still to be delivered to it is not sent.'],
  rotate: [
    'rotateSecretOf',
    'Change the secret of a subscription',
    'The new one signs at once, and the old ones beside it for a while. It is in the answer, and never shown again.',
  ],
  resume: [
    'resume',
    'Resume a suspended subscription',
    'Turns on again what the system has turned off; what was pending meanwhile is sent.',
  ],
  verify: ['verify', 'Check the endpoint of a subscription', 'The endpoint has to answer as the handshake demands.'],
};

/** What the OpenAPI document says of a route of a contract. */
export function documentationOf(served: ServedContract, route: OperationRoute): MethodDecorator {
  const { noun, path, errors } = served.contract.description;
  const [verb, summary, described] = VERBS[route.operation];
  const alias =
    served.contract.routes.find(({ operation }) => operation === route.operation) === route ? '' : `By${route.method}`;
  return Documented({
    id: `${verb}${noun}${route.operation === 'list' ? 's' : ''}${alias}`,
    summary,
    description: described ?? descriptionOf(served, route),
    path: [...`${path}/${route.path}`.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter!),
    query: route.operation === 'list' ? served.forms.query : undefined,
    body: bodyOf(served, route),
    success: successOf(served, route),
    problems: problemsOf(served, route, errors),
    errors,
  });
}

function descriptionOf(served: ServedContract, { operation, replaces }: OperationRoute): string | undefined {
  if (operation === 'update')
    return replaces ? 'What is left out goes back to its default.' : 'What is left out stays as it is.';
  const confidential = operation === 'create' && served.forms.view('create') !== served.forms.view('read');
  return confidential
    ? 'The answer has the secret that deliveries are signed with. It is never shown again.'
    : undefined;
}

function bodyOf(served: ServedContract, route: OperationRoute): RouteDocumentation['body'] {
  const { contract, forms } = served;
  const model = formOf(forms, route);
  if (!model) return undefined;
  const { schema, requestSchema = schema } = served.wrapperOf(route);
  return { model, contentType: contract.description.requests.contentType, wrap: (content) => requestSchema(content) };
}

/** What the body of a request is checked against; undefined where it has none. */
function formOf(forms: ServedContract['forms'], { operation, replaces }: OperationRoute) {
  if (operation === 'create' || operation === 'rotate') return forms[operation];
  return operation === 'update' ? forms[replaces ? 'replace' : 'update'] : undefined;
}

function successOf(served: ServedContract, route: OperationRoute): SuccessDocumentation {
  const { status, answers, operation } = route;
  const model = served.forms.view(operation);
  if (operation === 'list') {
    const { envelope } = served.contract.description.list!;
    return { status, model, wrap: (items) => envelope.schema(items), headers: envelope.headerSchemas };
  }
  if (answers === 'nothing') return { status };
  if (answers !== 'subscription') return { status, model, wrap: () => answers.schema };
  return { status, model, wrap: (content) => served.wrapperOf(route).schema(content) };
}

/** What can go wrong with a route, in the statuses that the contract has for it. */
function problemsOf(served: ServedContract, route: OperationRoute, errors: ErrorFormat): number[] {
  const { operation, path } = route;
  const statusOf = (problem: Pick<Problem, 'kind' | 'status'>) => errors.statusOf?.(problem) ?? problem.status;
  const writes = formOf(served.forms, route) !== undefined;
  const addressed = path.includes(':') || served.contract.description.scope.parameters.length > 0;
  const statuses = [
    ...(errors.guardStatuses ?? [401, 403]),
    ...(writes || operation === 'list' ? [statusOf({ kind: 'invalid', status: 400 })] : []),
    ...(writes
      ? [
          statusOf({ kind: 'refused', status: 422 }),
          ...NOT_READABLE.map((status) => statusOf({ kind: 'other', status })),
        ]
      : []),
    ...(addressed ? [404] : []),
    ...(operation === 'create' ? [statusOf({ kind: 'other', status: 409 })] : []),
  ];
  return [...new Set(statuses)].sort();
}
