import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Contract } from '../contracts/contract';
import type { ErrorFormat, Problem } from '../contracts/problem';
import type { HttpResponse } from './http-request';
import { isMeantForCallers, problemOf } from './problem';

/** Answers every error of some routes in their own words. */
@Catch()
export class ErrorAnswers implements ExceptionFilter {
  private readonly logger = new Logger('WebhooksManagement');

  /** @param fieldFor what callers call a property of subscriptions */
  constructor(
    private readonly format: ErrorFormat,
    private readonly fieldFor?: (property: string) => string,
  ) {}

  /** In the words of a contract. */
  static of(contract: Contract): ErrorAnswers {
    return new ErrorAnswers(contract.description.errors, (property) => contract.fieldFor(property));
  }

  catch(error: unknown, host: ArgumentsHost): void {
    this.answer(error, host.switchToHttp().getResponse<HttpResponse>());
  }

  answer(error: unknown, response: HttpResponse): void {
    if (!isMeantForCallers(error)) this.logger.error(stackOf(error));
    if (response.headersSent === true || response.sent === true) return;
    const problem = problemOf(error, this.fieldFor);
    // As text: Nest's Express adapter takes no other type than application/json for an object.
    const body = JSON.stringify(this.format.bodyOf(problem));
    this.opened(response, problem).send(body);
  }

  private opened(response: HttpResponse, problem: Problem): HttpResponse {
    const { contentType = 'application/json', statusOf } = this.format;
    const opened = response
      .status(statusOf?.(problem) ?? problem.status)
      .header('content-type', `${contentType}; charset=utf-8`);
    return problem.allow ? opened.header('allow', problem.allow.join(', ')) : opened;
  }
}

/** Only the stack: an error of a database carries its statement's parameters, and so secrets. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
