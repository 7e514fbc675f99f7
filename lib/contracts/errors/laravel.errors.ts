import type { FieldObjection } from '../../subscriptions/subscription-errors';
import type { ErrorFormat, Problem } from '../problem';
import { byField, saidOf, schemaByField } from './by-field';

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Unauthenticated.',
  403: 'This action is unauthorized.',
  404: 'Not Found',
  500: 'Server Error',
};

const message = { type: 'string' };
const MESSAGE = { type: 'object', required: ['message'], properties: { message } };
const INVALID = { type: 'object', required: ['message', 'errors'], properties: { message, errors: schemaByField } };

/** As Laravel answers: 422 `{"message", "errors": {"<field>": ["…"]}}` for what a request says, `{"message"}` for all else. */
export const laravelErrors: ErrorFormat = {
  statusOf: ({ kind, status }) => (kind === 'invalid' ? 422 : status),
  bodyOf: (problem) => (problem.objections.length > 0 ? invalid(problem.objections) : { message: messageOf(problem) }),
  schemaOf: (status) => (status === 422 ? INVALID : MESSAGE),
};

function invalid(objections: readonly FieldObjection[]): object {
  const errors = byField(objections, sentence);
  const [first, ...others] = Object.values(errors).flat();
  const more = others.length === 0 ? '' : ` (and ${others.length} more error${others.length === 1 ? '' : 's'})`;
  return { message: `${first}${more}`, errors };
}

function messageOf({ status, message: said, method, allow }: Problem): string {
  if (!allow) return MESSAGES[status] ?? said;
  return `The ${method} method is not supported for this route. Supported methods: ${allow.join(', ')}.`;
}

const PREDICATES: Readonly<Record<string, string>> = {
  required: 'is required',
  url: 'must be a valid URL',
  boolean: 'must be true or false',
  isString: 'must be a string',
  isInt: 'must be an integer',
};

function sentence(objection: FieldObjection): string {
  const { rule = '', field } = objection;
  const name = field.replace(/[_.]/g, ' ');
  if (rule === 'choice') return `The selected ${name} is invalid.`;
  const subject = `The ${name} field`;
  return PREDICATES[rule] ? `${subject} ${PREDICATES[rule]}.` : `${saidOf(objection, subject).replace(/\.$/, '')}.`;
}
