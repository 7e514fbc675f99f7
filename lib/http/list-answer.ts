import type { Found, Query } from '../contracts/lists/list-format';
import type { Route } from '../contracts/operations';
import type { SubscriptionsRepository } from '../subscriptions/subscriptions.repository';
import { scopeOf, tenantFor } from './caller';
import { pathOf, urlOf, type HttpRequest } from './http-request';
import { validQuery } from './request-validation';
import type { ServedContract } from './served-contract';

/** A list as it goes out. */
export interface ListAnswer {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

interface ListRequest {
  readonly route: Route;
  readonly request: HttpRequest;
  /** Whose subscriptions; null is everybody's. */
  readonly tenant: string | null;
}

/** The page that a request asks for. */
export async function pageFor(
  repository: SubscriptionsRepository,
  served: ServedContract,
  { route, request, tenant }: ListRequest,
): Promise<ListAnswer> {
  const { list, credentials, identity } = served.contract.description;
  const query = { ...(await validQuery(request.query, served.forms.query)) } as Query;
  const { filter, selection } = list!.choose(query, served.contract);
  const scope = scopeOf({ tenant: tenantFor({ tenant }, filter.tenant) });
  const wanted = { ...filter, ...scope, contract: served.contract.name };
  const [rows, total] = await Promise.all([
    repository.select(wanted, { ...selection, limit: selection.limit + 1 }),
    list!.counts ? repository.count(wanted) : 0,
  ]);
  const page = rows.slice(0, selection.limit);
  const last = page.at(-1);
  const found: Found = {
    items: page.map((each) => served.forms.show(each, { operation: 'list', ...placeOf(request, route) })),
    total,
    more: rows.length > page.length,
    query,
    lastId: last ? String(identity.show(last)) : null,
    path: pathOf(request),
    link: (changes) => linkTo(request, credentials, changes),
  };
  const listing = list!.listing(found);
  return { body: list!.envelope.body(listing), headers: list!.envelope.headers?.(listing) ?? {} };
}

/** Where the caller found the contract. */
export function placeOf(request: HttpRequest, route: Pick<Route, 'path'>): { collectionPath: string; origin: string } {
  return { collectionPath: collectionPathOf(request, route), origin: urlOf(request).origin };
}

/** The path of the contract, as the caller wrote it in a request for one of its routes. */
function collectionPathOf(request: Pick<HttpRequest, 'originalUrl'>, { path }: Pick<Route, 'path'>): string {
  const segments = path === '' ? 0 : path.split('/').length;
  const parts = pathOf(request).replace(/\/$/, '').split('/');
  return parts.slice(0, parts.length - segments).join('/');
}

function linkTo(request: HttpRequest, credentials: readonly string[], changes: Parameters<Found['link']>[0]): string {
  const url = urlOf(request);
  credentials.forEach((parameter) => url.searchParams.delete(parameter));
  for (const [parameter, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(parameter);
    else url.searchParams.set(parameter, String(value));
  }
  return url.href;
}
