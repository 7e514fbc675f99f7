import { Injectable } from '@nestjs/common';
import type { Operation } from '../contracts/field';
import type { Route } from '../contracts/operations';
import { showsSecret } from '../contracts/generated/form-classes';
import type { Subscription } from '../subscriptions/subscription';
import { ContractDesk } from './contract-desk';
import type { HttpRequest, HttpResponse } from './http-request';
import { placeOf } from './list-answer';
import type { ServedContract } from './served-contract';

/** The routes of one contract; which these are is decided when it is mounted. */
@Injectable()
export abstract class ContractController {
  protected abstract readonly served: ServedContract;

  constructor(private readonly desk: ContractDesk) {}

  async serve(operation: Operation, route: Route, request: HttpRequest, response: HttpResponse): Promise<void> {
    // What has a secret in it must not lie in any cache.
    const isSecret = showsSecret(this.served.contract.description.fields, operation);
    const caching: Record<string, string> = isSecret ? { 'cache-control': 'no-store' } : {};
    if (operation === 'list') {
      const { body, headers } = await this.desk.list(this.served, route, request);
      return send(response, route.status, body, { ...headers, ...caching });
    }
    const answer = this.answerTo(operation, route, request, await this.done(operation, route, request));
    send(response, route.status, answer, caching);
  }

  private async done(operation: Exclude<Operation, 'list'>, route: Route, request: HttpRequest) {
    // To verify is to resume once the handshake is passed.
    const act = operation === 'verify' ? 'resume' : operation;
    return [await this.desk[act](this.served, route, request)].flat();
  }

  private answerTo(operation: Operation, route: Route, request: HttpRequest, subscriptions: Subscription[]): unknown {
    const { answers } = route;
    if (answers === 'nothing') return undefined;
    const wrapper = this.served.wrapperOf(route);
    const showing = { operation, ...placeOf(request, route) };
    const shown = subscriptions.map((each) => this.served.forms.show(each, showing));
    if (answers !== 'subscription') return answers.body(shown[0]!);
    return wrapper.wrap(wrapper.several ? shown : shown[0]);
  }
}

/** By hand, and as text: what the host's interceptors make of answers must not change ours. */
function send(response: HttpResponse, status: number, body: unknown, headers: Readonly<Record<string, string>>): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  if (body === undefined) response.send();
  else response.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}
