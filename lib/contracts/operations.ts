import type { Operation } from './field';
import type { Wrapper } from './requests/wrappers';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What an operation answers: the subscription, nothing, or something made from how it is shown. */
export type AnswerShape =
  | 'subscription'
  | 'nothing'
  | {
      readonly body: (shown: Readonly<Record<string, unknown>>) => unknown;
      readonly schema: object;
    };

/** One way to ask for an operation. */
export interface Route {
  readonly method: Method;
  /** Behind the path of the contract; the first parameter in it names the subscription. */
  readonly path: string;
  readonly status: number;
  readonly answers: AnswerShape;
  /** Whether an update says everything anew, so that what is left out goes back to what it is by default. */
  readonly replaces: boolean;
  /** What stands around the fields here. @default the wrapper of the contract */
  readonly wrapper?: Wrapper;
}

export type RouteOptions = Partial<Pick<Route, 'status' | 'answers' | 'replaces' | 'wrapper'>>;

/** The operations of a contract; several routes to one are aliases. */
export type Operations = Readonly<Partial<Record<Operation, Route | readonly Route[]>>>;

export const get = (path = '', options?: RouteOptions) => route('GET', path, 200, options);
/** Answers 201 where it makes something, and 200 where its path names what is there already. */
export const post = (path = '', options?: RouteOptions) => route('POST', path, path === '' ? 201 : 200, options);
export const put = (path = ':id', options?: RouteOptions) => route('PUT', path, 200, options);
export const patch = (path = ':id', options?: RouteOptions) => route('PATCH', path, 200, options);
/** Answers 204 and nothing. */
export const del = (path = ':id', options?: RouteOptions) =>
  route('DELETE', path, options?.answers ? 200 : 204, { answers: 'nothing', ...options });

function route(method: Method, path: string, status: number, options: RouteOptions = {}): Route {
  return { method, path, status, answers: 'subscription', replaces: false, ...options };
}

/** The parameter of a path that names the subscription. */
export function idParameter(path: string): string | undefined {
  return /:(\w+)/.exec(path)?.[1];
}
