import { STATUS_CODES } from 'node:http';
import { schemaOf } from '../generated/openapi';
import type { ErrorFormat } from '../problem';
import { ProblemView } from './problem.view';

/** Problems as RFC 9457 writes them. */
export const standardErrors: ErrorFormat = {
  contentType: 'application/problem+json',
  bodyOf: ({ status, message, code, objections }): ProblemView => ({
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    errors:
      objections.length === 0 ? undefined : objections.map(({ field, message: what }) => ({ field, message: what })),
  }),
  schemaOf: () => schemaOf(ProblemView),
  models: [ProblemView],
  guardStatuses: [403],
};
