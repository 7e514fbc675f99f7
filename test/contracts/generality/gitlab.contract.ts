import { STATUS_CODES } from 'node:http';
import { echoedSecret } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';

const { bareArray, constant, copiedHeaders, createdAt, defineContract, del, description, flag, form, get } = contracts;
const { headerList, identifier, json, milliseconds, namedTopics, numberedPages, numbers, pathParameter } = contracts;
const { post, put, secret, state, tenant, text, topicFlag, url } = contracts;

const HOOKS = {
  push: 'Push Hook',
  tag_push: 'Tag Push Hook',
  issues: 'Issue Hook',
  merge_requests: 'Merge Request Hook',
} as const;
type Trigger = keyof typeof HOOKS;

/** Project webhooks as GitLab has them: https://docs.gitlab.com/api/project_webhooks */
export function gitlab(events: contracts.TopicMap<Trigger> = {}): contracts.Contract {
  const triggers = Object.keys(HOOKS) as Trigger[];
  const names = namedTopics(triggers, events);
  return defineContract({
    name: 'gitlab',
    path: 'api/v4/projects/:id/hooks',
    scope: pathParameter('id'),
    topics: names,
    identity: numbers,
    requests: {
      ...form,
      read: (incoming) => (incoming.contentType?.includes('json') ? json : form).read(incoming),
    },
    operations: {
      list: get(),
      create: post(),
      read: get(':hook_id'),
      update: put(':hook_id'),
      remove: del(':hook_id'),
      resume: post(':hook_id/test/:trigger', {
        status: 201,
        answers: { body: () => ({ message: '201 Created' }), schema: { type: 'object', required: ['message'] } },
      }),
    },
    fields: {
      id: identifier(),
      url: url(),
      name: text('name', { required: false }),
      description: description(),
      project_id: tenant(),
      ...Object.fromEntries(
        triggers.map((name) => [`${name}_events`, topicFlag(names, name, { default: name === 'push' })]),
      ),
      enable_ssl_verification: flag('enable_ssl_verification', { default: true }),
      alert_status: state({ active: 'executable', disabled: 'disabled' }, { readOnly: true }),
      disabled_until: constant(null),
      created_at: createdAt(milliseconds),
      custom_headers: headerList('custom_headers', { name: 'key', valuesShown: false }),
      token: secret({ from: 'either', shown: 'never' }),
    },
    list: numberedPages({
      size: 20,
      largest: 100,
      sizeParameter: 'per_page',
      envelope: bareArray({
        total: 'X-Total',
        others: {
          'X-Page': ({ offset, size }) => offset / size + 1,
          'X-Per-Page': ({ size }) => size,
          'X-Total-Pages': ({ total, size }) => Math.ceil(total / size),
        },
      }),
    }),
    errors: {
      bodyOf: ({ status, objections }) =>
        objections.length > 0
          ? { error: objections.map(({ message }) => message).join(', ') }
          : { message: `${status} ${STATUS_CODES[status]}` },
      schemaOf: () => ({ type: 'object' }),
    },
    delivery: {
      headers: ({ topic, id }, subscription) => ({
        ...copiedHeaders(subscription, 'custom_headers'),
        'X-Gitlab-Event': HOOKS[topic as Trigger],
        'X-Gitlab-Event-UUID': id,
        'Idempotency-Key': id,
      }),
      body: ({ payload }) => payload,
      signature: echoedSecret({ header: 'X-Gitlab-Token' }),
      timeoutMs: 10_000,
      failuresTolerated: 39,
    },
  });
}
