import type { INestApplication } from '@nestjs/common';
import type { ExpressAdapter } from '@nestjs/platform-express';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

/** A route that an application really answers, with its path as the router has it: `/webhooks/subscriptions/:id`. */
export interface ServedRoute {
  readonly method: string;
  readonly path: string;
}

interface ExpressLayer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

interface FastifyRoute {
  readonly url: string;
  readonly method: string | readonly string[];
}

/** Listens to the router from before it has any route; answers how to get them all once the application is up. */
export function watchRoutes(adapter: ExpressAdapter | FastifyAdapter): (app: INestApplication) => ServedRoute[] {
  if (adapter.getType() === 'express') return expressRoutes;
  const seen: ServedRoute[] = [];
  const fastify = adapter.getInstance<{ addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): void }>();
  fastify.addHook('onRoute', ({ url, method }) => {
    for (const each of [method].flat()) seen.push({ method: each, path: url });
  });
  return () => distinct(seen);
}

/** Express answers HEAD wherever there is a GET. */
function expressRoutes(app: INestApplication): ServedRoute[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly ExpressLayer[] } };
  const routes = router.stack.flatMap(({ route }) => {
    const methods = Object.keys(route?.methods ?? {}).map((method) => method.toUpperCase());
    const all = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    return all.map((method) => ({ method, path: route!.path }));
  });
  return distinct(routes);
}

function distinct(routes: readonly ServedRoute[]): ServedRoute[] {
  return [...new Map(routes.map((route) => [`${route.method} ${route.path}`, route])).values()];
}

/** Whether a parameter of a path says whose things a route is about. */
export function namesTenant(parameter: string): boolean {
  return ['org_pk', 'organizationId'].includes(parameter);
}

/** The names of the parameters in a path. */
export function parametersOf({ path }: Pick<ServedRoute, 'path'>): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
}
