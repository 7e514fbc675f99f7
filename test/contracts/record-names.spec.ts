import { unsigned } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';
import { stripe } from './generality/stripe.contract';

const { defineContract, get, headerList, headers, hostTopics, identifier, metadata, nested, patch, post } = contracts;
const { standard, standardErrors, textRecord, topics, url } = contracts;

const KEY = { authorization: 'Bearer acme' };
const JSON_TYPE = { ...KEY, 'content-type': 'application/json' };
const NAMES = ['constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'then'];

const keeping = defineContract({
  name: 'keeping',
  path: 'keeping',
  operations: { create: post(), update: patch(), read: get(':id') },
  fields: {
    id: identifier(),
    url: url(),
    topics: topics(hostTopics, { default: ['*'] }),
    metadata: metadata(),
    inside: nested({ labels: textRecord('labels', { entries: 9, keyLength: 20, valueLength: 20 }) }),
    headers: headers('headers'),
    list: headerList('list'),
  },
  errors: standardErrors,
  delivery: { body: ({ payload }) => payload, signature: unsigned() },
});

interface Shown {
  readonly id: string;
  readonly metadata: Record<string, string>;
  readonly inside: { readonly labels: Record<string, string> };
}

describe('A record of texts whose names every object has', () => {
  describeContracts({ contracts: [standard(), keeping, stripe()] }, (host) => {
    const send = async (route: string, body: string, type = JSON_TYPE) => {
      const { status, body: shown } = await host().send(route, type, body);
      return { status, shown: shown as Shown };
    };
    const wanted = (rest: string) => `{"url":"https://example.com/hook","topics":["*"],${rest}}`;

    it.each(NAMES)('is kept as it came with %s', async (name) => {
      const record = JSON.stringify({ [name]: 'mine', team: 'ours' });
      for (const path of ['/webhooks/subscriptions', '/keeping']) {
        const { status, shown } = await send(`POST ${path}`, wanted(`"metadata":${record}`));
        expect([status, JSON.stringify(shown.metadata)]).toEqual([201, record]);
        const changed = await send(`PATCH ${path}/${shown.id}`, `{"metadata":{"${name}":"changed"}}`);
        expect(JSON.stringify(changed.shown.metadata)).toBe(`{"${name}":"changed"}`);
      }
    });

    it.each(NAMES)('is kept as it came with %s inside another object', async (name) => {
      const { status, shown } = await send('POST /keeping', wanted(`"inside":{"labels":{"${name}":"mine"}}`));
      expect([status, JSON.stringify(shown.inside.labels)]).toEqual([201, `{"${name}":"mine"}`]);
    });

    it.each(['constructor', 'toString'])('is kept as it came with %s in a form', async (name) => {
      const form = { ...KEY, 'content-type': 'application/x-www-form-urlencoded' };
      const body = `url=https%3A%2F%2Fexample.com%2F&enabled_events[]=*&metadata[${name}]=mine&metadata[team]=ours`;
      const { status, shown } = await send('POST /v1/webhook_endpoints', body, form);
      expect([status, JSON.stringify(shown.metadata)]).toEqual([200, `{"${name}":"mine","team":"ours"}`]);
    });

    it('is kept with __proto__, or refused by Fastify', async () => {
      const { status, shown } = await send('POST /keeping', wanted('"metadata":{"__proto__":"mine"}'));
      if (status === 201) expect(JSON.stringify(shown.metadata)).toBe('{"__proto__":"mine"}');
      else expect(status).toBe(400);
      expect(({} as Record<string, unknown>).mine).toBeUndefined();
    });

    it.each(['constructor', '__proto__', 'toString'])('is refused with %s where it is not a text', async (name) => {
      for (const value of ['1', 'null', '{}', `"${'long'.repeat(200)}"`]) {
        const { status } = await send('POST /keeping', wanted(`"metadata":{"${name}":${value}}`));
        expect(status).toBe(400);
      }
    });

    it.each(['constructor', '__proto__', 'toString'])('is refused with a header %s', async (name) => {
      for (const sent of [`"headers":{"${name}":"mine"}`, `"list":[{"name":"${name}","value":"mine"}]`]) {
        expect((await send('POST /keeping', wanted(sent))).status).toBe(400);
      }
    });

    it.each(['constructor', 'prototype', 'toString'])('is an unknown field like any other as %s', async (name) => {
      const { status, shown } = await send('POST /webhooks/subscriptions', wanted(`"${name}":{"constructor":1}`));
      const message = `property ${name} should not exist`;
      expect([status, shown]).toMatchObject([400, { errors: [{ field: name, message }] }]);
      expect((await send('POST /keeping', wanted(`"${name}":{"constructor":1}`))).status).toBe(201);
    });
  });
});
