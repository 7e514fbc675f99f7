import { unsigned } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const { defineContract, enabled, get, hostTopics, identifier, post, put, standardErrors, state, topics, url } =
  contracts;

function replaced(name: string, switches: contracts.Fields) {
  return defineContract({
    name,
    path: name,
    operations: { create: post(), read: get(':id'), update: put(':id', { replaces: true }) },
    fields: { id: identifier(), url: url(), topics: topics(hostTopics), ...switches },
    errors: standardErrors,
    delivery: { body: ({ payload }) => payload, signature: unsigned(), suspends: () => null },
  });
}

const words = { active: 'active', disabled: 'paused', suspended: 'disabled' };
const inWords = replaced('in-words', { state: state(words, { suspendable: true }) });
const asSwitch = replaced('as-switch', {
  enabled: enabled({ resumes: true }),
  state: state(words, { readOnly: true }),
});

describe('A subscription that is said anew', () => {
  describeContracts({ contracts: [inWords, asSwitch] }, (host) => {
    const suspended = async (path: string) => {
      const said = { url: host().receiver.url('/hook'), topics: ['*'] };
      const { id } = (await host().call(`POST /${path}`, said)).body as { id: string };
      await host().subscriptions.update(id, { suspendedReason: 'gone' });
      const put = async (more: object) => (await host().call(`PUT /${path}/${id}`, { ...said, ...more })).body;
      return { id, put };
    };

    it.each([
      ['in-words', { state: 'active' }],
      ['as-switch', { enabled: true }],
    ])('stays suspended until its owner says otherwise, %s', async (path, otherwise) => {
      const { id, put } = await suspended(path);
      expect(await put({})).toMatchObject({ state: 'disabled' });
      expect(await host().subscriptions.get(id)).toMatchObject({ enabled: true, suspendedReason: 'gone' });
      expect(await put(otherwise)).toMatchObject({ state: 'active' });
    });

    it('is turned on by default after its owner has turned it off', async () => {
      const { id, put } = await suspended('in-words');
      await host().subscriptions.resume(id);
      expect(await put({ state: 'paused' })).toMatchObject({ state: 'paused' });
      expect(await put({})).toMatchObject({ state: 'active' });
    });
  });
});
