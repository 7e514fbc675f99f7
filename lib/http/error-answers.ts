import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
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

  catch(error: unknown, host: ArgumentsHost): void {
    this.answer(error, host.switchToHttp().getResponse<HttpResponse>());
  }

  answer(error: unknown, response: HttpResponse): void {
    if (!isMeantForCallers(error)) this.logger.error(stackOf(error));
    if (response.headersSent === true || response.sent === true) return;
    try {
      this.say(problemOf(error, this.fieldFor), response);
    } catch (flaw) {
      // The format is a contract's own code, and nobody comes after us.
      this.logger.error(stackOf(flaw));
      response.status(500).send();
    }
  }

  private say(problem: Problem, response: HttpResponse): void {
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
