import fc from 'fast-check';
import { brokenJson, texts, values } from './nasty-values';
import { idsOf, type Planted } from './planted';
import type { RawRequest } from './raw-client';
import { contractAt, CONTRACTS, DESCRIBED_ROUTES, nameOf, VALID_BODIES } from './served-contracts';
import { namesTenant, parametersOf, type ServedRoute } from './served-routes';

/** A request, and whether it keeps to a path that the application has, so that its answer is a contract's. */
export interface HostileRequest {
  readonly route: ServedRoute;
  readonly request: RawRequest;
  readonly keepsToRoute: boolean;
}

/** What there is to meet. */
export interface Ground {
  readonly routes: readonly ServedRoute[];
  /** Real things of the tenant who asks most. */
  readonly planted: readonly Planted[];
  /** Where subscriptions may point to. */
  readonly url: string;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const QUERY_NAMES = [
  ...['limit', 'cursor', 'offset', 'page', 'tenant', 'topic', 'sort', 'direction', 'from', 'to', 'state', 'event'],
  ...[
    'subscription',
    'limit[]',
    'limit[a]',
    'limit[toString]',
    'tenant[0]',
    '__proto__',
    '__proto__[a]',
    'constructor',
  ],
];
const OF_FASTIFY_AT_MOST = 100;

/** Requests to every route with anything in every place of them. */
export function hostileRequests({ routes, planted, url }: Ground): fc.Arbitrary<HostileRequest> {
  const described = routes.filter((route) => DESCRIBED_ROUTES.includes(nameOf(route)));
  return often(fc.constantFrom(...described), fc.constantFrom(...routes)).chain((route) =>
    fc
      .record({
        method: often(fc.constant(route.method), fc.constantFrom(...METHODS, 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE')),
        path: pathsOf(route, planted),
        query: often(fc.constant(''), queries),
        headers: headersWith(bodyTypes),
        body: bodiesFor(route, url),
      })
      .map(({ method, path, query, headers, body }) => {
        const bodiless = ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
        const request = { method, path: path.text + query, headers, body: bodiless ? undefined : body };
        return { route, request, keepsToRoute: path.clean && METHODS.includes(method) && method !== 'HEAD' };
      }),
  );
}

/** Mostly what leads deep into the application. */
function often<Value>(usual: fc.Arbitrary<Value>, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: other });
}

function pathsOf(route: ServedRoute, planted: readonly Planted[]): fc.Arbitrary<{ text: string; clean: boolean }> {
  const names = parametersOf(route);
  const anything = fc.oneof(fc.constantFrom('globex', ...planted.flatMap(idsOf)), texts);
  const fitting = (name: string) => fc.constantFrom(...(namesTenant(name) ? ['acme'] : idsAt(route, planted)));
  const filled = fc.tuple(...names.map((name) => often(fitting(name), anything))).map((given) => {
    const text = names.reduce(
      (path, name, index) => path.replace(`:${name}`, () => encoded(given[index]!)),
      route.path,
    );
    const clean = given.every((each) => !/\p{Surrogate}/u.test(each) && !['', '.', '..'].includes(each));
    return { text, clean: clean && given.every((each) => encoded(each).length <= OF_FASTIFY_AT_MOST) };
  });
  return often(
    filled,
    fc.tuple(filled, fc.constantFrom(...SPOILT)).map(([{ text }, spoil]) => ({ text: spoil(text), clean: false })),
  );
}

/** Ids as the contract of a route writes them. */
function idsAt({ path }: ServedRoute, planted: readonly Planted[]): string[] {
  const { name, description } = CONTRACTS.find((contract) => contract.name === contractAt(path))!;
  return planted.flatMap(({ subscriptions, eventIds, deliveryIds }) => {
    const own = subscriptions.filter(({ contract }) => contract === name);
    const ids = own.map((subscription) => String(description.identity.show(subscription)));
    return name === 'standard' ? [...ids, ...eventIds, ...deliveryIds] : ids;
  });
}

const SPOILT: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => path.replaceAll('/', '//'),
  (path) => `${path}/`,
  (path) => `${path}/..`,
  (path) => `${path}%00`,
  (path) => `${path}%`,
  (path) => `${path}/%zz`,
  (path) => `${path}%c0%ae`,
  (path) => path.toUpperCase(),
  (path) => `${path};a=b`,
  (path) => path.replace(/\/([^/]*)$/, '/%2e%2e%2f$1'),
  (path) => `http://elsewhere.example${path}`,
  (path) => `${path}/${'x'.repeat(5_000)}`,
  () => '*',
];

const queries = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...QUERY_NAMES), texts), texts), { minLength: 1, maxLength: 8 })
  .map((pairs) => `?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')}`);

const bodyTypes = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  fc.constantFrom('application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data', 'application/xml', ''),
  fc.constantFrom('application/json; charset=utf-16', 'application/json; charset=nonsense', 'application/JSON;;', '/'),
);

/** Texts that Node sends as the value of a header. */
const headerValues = texts.filter((text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text));

function headersWith(types: fc.Arbitrary<string>): fc.Arbitrary<Record<string, string>> {
  const odd = fc.dictionary(
    fc.constantFrom('host', 'accept', 'x-forwarded-host', 'x-forwarded-for', 'content-encoding', 'cookie'),
    headerValues,
    { maxKeys: 2, noNullPrototype: true },
  );
  const authorization = fc.oneof(
    { weight: 8, arbitrary: fc.constant('Bearer acme') },
    { weight: 1, arbitrary: fc.constantFrom('Bearer globex', 'Bearer operator') },
    { weight: 1, arbitrary: headerValues },
  );
  return fc
    .tuple(types, authorization, often(fc.constant({}), odd))
    .map(([type, key, others]) => ({ 'content-type': type, authorization: key, ...others }));
}

function bodiesFor({ path }: ServedRoute, url: string): fc.Arbitrary<string | Buffer | undefined> {
  const valid = VALID_BODIES[contractAt(path)]!(url);
  const edits = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(valid)), texts), values), { maxLength: 3 });
  const nearlyValid = edits.map((changes) => JSON.stringify({ ...valid, ...Object.fromEntries(changes) }));
  return fc.oneof(
    { weight: 6, arbitrary: nearlyValid },
    { weight: 2, arbitrary: values.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: brokenJson },
    { weight: 1, arbitrary: queries.map((query) => query.slice(1)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes): string | Buffer => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constant<string | Buffer | undefined>(undefined) },
  );
}

/** Percent-encoded where it can be; half a surrogate pair has no encoding. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
