import { Inject, Injectable, VersioningType, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { UnsupportedMediaTypeError, type RequestFormat } from '../contracts/requests/request-formats';
import { ErrorAnswers } from './error-answers';
import { pathOf, type HttpRequest, type HttpResponse } from './http-request';
import { deepestFirst, pathsWith, type GuardedContract } from './management-controllers';

/** The DI token of the contracts that are served. */
export const SERVED_CONTRACTS = Symbol('ServedContracts');

interface FastifyRoute {
  readonly url: string;
  errorHandler?: (error: unknown, request: HttpRequest, response: HttpResponse) => void;
}

interface FastifyInstance {
  addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): void;
}

/** What is done with what cannot be parsed at some paths. */
interface Refusal {
  readonly paths: RegExp;
  readonly answers: ErrorAnswers;
  readonly requests: RequestFormat;
}

type Next = (error: unknown) => void;

/**
 * Answers bodies that cannot be parsed in the words of the contract they were meant for. Adapters parse before any filter
 * of ours is asked: Express before it looks for a route, Fastify after that and before it calls Nest.
 */
@Injectable()
export class ParseFailures implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly config: ApplicationConfig,
    @Inject(SERVED_CONTRACTS) private readonly contracts: readonly GuardedContract[],
  ) {}

  /** Before any route is made, because Fastify takes its error handlers with the routes. */
  watchFastify(): void {
    const adapter = this.adapterHost.httpAdapter;
    if (adapter?.getType() !== 'fastify') return;
    const refusals = this.refusals();
    adapter.getInstance<FastifyInstance>().addHook('onRoute', (route) => {
      const ours = find(refusals, route.url);
      if (!ours) return;
      route.errorHandler = (error, request, response) => ours.answers.answer(naming(error, request, ours), response);
    });
  }

  /** After all routes, and before Nest's own handler of errors. */
  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter;
    if (adapter?.getType() !== 'express') return;
    const refusals = this.refusals();
    adapter.use((error: unknown, request: HttpRequest, response: HttpResponse, next: Next) => {
      const ours = find(refusals, pathOf(request));
      if (ours) ours.answers.answer(error, response);
      else next(error);
    });
  }

  private refusals(): Refusal[] {
    return deepestFirst(this.contracts).flatMap(({ contract, access: { version } }) => {
      const { requests } = contract.description;
      const answers = ErrorAnswers.of(contract);
      const before = this.prefix() + this.version(version);
      return [...pathsWith(contract)].map((each) => {
        return { paths: new RegExp(`^${before}${source(each)}/?$`, 'i'), answers, requests };
      });
    });
  }

  /** Optional, because hosts can except routes from it. */
  private prefix(): string {
    const prefix = this.config.getGlobalPrefix().replace(/^\/|\/$/g, '');
    return prefix === '' ? '' : `(?:/${escaped(prefix)})?`;
  }

  private version(version: GuardedContract['access']['version']): string {
    const versioning = this.config.getVersioning();
    if (versioning?.type !== VersioningType.URI) return '';
    const prefix = versioning.prefix === undefined ? 'v' : versioning.prefix || '';
    const named = [version].flat().filter((each) => typeof each === 'string');
    return named.length === 0 ? '' : `(?:/(?:${named.map((each) => escaped(prefix + each)).join('|')}))?`;
  }
}

function source(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.map((segment) => `/${segment.split(/:\w+/).map(escaped).join('[^/]+')}`).join('');
}

function find(refusals: readonly Refusal[], path: string): Refusal | undefined {
  return refusals.find(({ paths }) => paths.test(path));
}

/** Fastify does not say for which content type it has no parser. */
function naming(error: unknown, { headers }: HttpRequest, { requests }: Refusal): unknown {
  const { code } = error as { readonly code?: string };
  if (code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return error;
  return new UnsupportedMediaTypeError(headers['content-type'], requests.contentType);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
